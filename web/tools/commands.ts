// What can be done with a state, an edge or a place, by whichever way it was
// asked for: key, menu, button or drag. Each one ends with the right thing selected.
import type { StateId } from "../asl/model";
import type { Canvas } from "../canvas/canvas";
import type { Item } from "../edit/catalog";
import { copy, paste } from "../edit/clipboard";
import { connect, connectProblem, disconnect, reconnect } from "../edit/connect";
import { insert, insertProblem, placeAtEnd } from "../edit/insert";
import { addCatcher } from "../edit/lists";
import { addBranch, wrap } from "../edit/nest";
import type { Place } from "../edit/place";
import { blockOf, isTerminal } from "../edit/refs";
import { duplicate, move, remove, successor } from "../edit/state";
import type { Layout, Point, Route } from "../geom/types";
import { type MenuItem, openMenu } from "../panels/menu";
import type { Picker } from "../panels/picker";
import { remember } from "../panels/recent";
import type { Session } from "../panels/session";

export interface CommandParts {
  session: Session;
  canvas: Canvas;
  picker: Picker;
  layoutOf(): Layout | null;
  editName(): void;
  openInspector(): void;
  /** Shows the tab that tries the selected state. */
  testState(): void;
  startMove(id: StateId): void;
}

export class Commands {
  constructor(readonly parts: CommandParts) {}

  /** Puts an item at a place; the new state is selected, its name ready to be typed over. */
  insert(item: Item, place: Place, rename = true): void {
    const { session, canvas } = this.parts;
    const first = session.attempt(() => insert(session.doc, place, item));
    if (first === undefined) return;
    remember(item.id);
    session.select(first, "edit", { reveal: true, focus: !rename });
    canvas.announce(`${item.label} added.`);
    if (rename) this.parts.editName();
  }

  /** Adds after the selected state, or at the end of the flow. */
  add(item: Item): void {
    const { session } = this.parts;
    const graph = session.graph;
    if (!graph) return;
    const place = this.#placeAfter();
    const problem = insertProblem(graph, place, item);
    if (problem !== null && session.selected === null) this.insert(item, placeAtEnd(graph));
    else this.insert(item, place);
  }

  #placeAfter(): Place {
    const { session } = this.parts;
    const graph = session.graph!;
    const id = session.selected;
    if (id === null) return placeAtEnd(graph);
    return isTerminal(graph.states.get(id)!.type) ? { kind: "before", state: id } : { kind: "after", state: id };
  }

  /** Opens the list of what can be added at a place. */
  pick(place: Place, at: Point, title: string): void {
    const { session, picker } = this.parts;
    const graph = session.graph;
    if (!graph) return;
    if (session.doc.stale) {
      session.attempt(() => session.doc.transact("Add", () => undefined));
      return;
    }
    picker.open({
      ...at,
      title,
      problem: (item) => insertProblem(session.graph!, place, item),
      pick: (item) => this.insert(item, place),
      cancel: () => this.focusCanvas(),
    });
  }

  pickAfter(): void {
    const id = this.parts.session.selected;
    const place = this.#placeAfter();
    const title = id === null ? "Add at the end" : place.kind === "before" ? `Add before ${id}` : `Add after ${id}`;
    this.pick(place, this.#pointOf(id), title);
  }

  pickBefore(): void {
    const id = this.parts.session.selected;
    if (id === null) this.pick({ kind: "start", block: "" }, this.#pointOf(null), "Add at the start");
    else this.pick({ kind: "before", state: id }, this.#pointOf(id), `Add before ${id}`);
  }

  /** Where a "+" was pressed: a route, a tail or an empty block. */
  pickAt(place: Place, world: Point): void {
    const { canvas } = this.parts;
    const at = canvas.toHost(world);
    const host = canvas.el.getBoundingClientRect();
    this.pick(place, { x: host.left + at.x, y: host.top + at.y }, "Add here");
  }

  remove(): void {
    const { session, canvas } = this.parts;
    const id = session.selected;
    const graph = session.graph;
    if (id === null || !graph) return;
    const next = successor(graph, id) ?? blockOf(graph, id).states.find((s) => s !== id) ?? blockOf(graph, id).owner;
    const inner = graph.states.get(id)!.blocks.reduce((n, b) => n + (graph.blocks.get(b)?.states.length ?? 0), 0);
    if (!session.make(() => remove(session.doc, id))) return;
    session.select(next, "edit", { focus: true });
    canvas.announce(`${id} deleted.`);
    session.say(inner > 0 ? `“${id}” and the ${inner} inside it are deleted.` : `“${id}” is deleted.`, "plain", {
      label: "Undo",
      run: () => void session.doc.undo(),
    });
  }

  duplicate(): void {
    const { session } = this.parts;
    const id = session.selected;
    if (id === null) return;
    const name = session.attempt(() => duplicate(session.doc, id));
    if (name === undefined) return;
    session.select(name, "edit", { reveal: true });
    this.parts.editName();
  }

  wrap(kind: "Parallel" | "Map"): void {
    const { session } = this.parts;
    const id = session.selected;
    if (id === null) return;
    const name = session.attempt(() => wrap(session.doc, [id], kind));
    if (name === undefined) return;
    session.select(name, "edit", { reveal: true });
    this.parts.editName();
  }

  move(id: StateId, place: Place): void {
    const { session, canvas } = this.parts;
    if (!session.make(() => move(session.doc, id, place))) return;
    session.select(id, "edit", { reveal: true, focus: true });
    canvas.announce(`${id} moved.`);
  }

  connect(from: StateId, to: StateId): void {
    const { session, canvas } = this.parts;
    if (!session.make(() => connect(session.doc, from, to))) return;
    session.select(from, "edit", { focus: true });
    canvas.announce(`${from} goes on to ${to}.`);
  }

  canConnect(from: StateId, to: StateId): boolean {
    const graph = this.parts.session.graph;
    return graph !== null && connectProblem(graph, from, to) === null;
  }

  /** Lists the states that the selected one can go on to. */
  connectMenu(): void {
    const { session } = this.parts;
    const id = session.selected;
    const graph = session.graph;
    if (id === null || !graph) return;
    const items = this.#targets(id, (to) => this.connect(id, to));
    if (items.length === 0) session.say(`There is nothing that “${id}” can be connected to.`);
    else openMenu(`Connect ${id} to`, items, this.#pointOf(id), () => this.focusCanvas());
  }

  #targets(from: StateId, run: (to: StateId) => void): MenuItem[] {
    const graph = this.parts.session.graph!;
    return blockOf(graph, from)
      .states.filter((to) => connectProblem(graph, from, to) === null)
      .map((to) => ({ label: to, icon: graph.states.get(to)!.icon, run: () => run(to) }));
  }

  /** What can be done with an edge. */
  edgeMenu(route: Route, at: Point): void {
    const { session } = this.parts;
    const { edge } = route;
    const graph = session.graph;
    if (!graph || session.doc.stale) return;
    const label = edge.kind === "start" ? `Start to ${edge.to}` : `${edge.from} to ${edge.to}`;
    const elsewhere = (): MenuItem[] => {
      const owner = edge.kind === "start" ? edge.to : edge.from;
      return blockOf(graph, owner)
        .states.filter(
          (to) =>
            to !== edge.to &&
            (edge.kind === "start" || to !== edge.from || edge.kind === "choice" || edge.kind === "default"),
        )
        .map((to) => ({
          label: to,
          icon: graph.states.get(to)!.icon,
          run: () => void session.attempt(() => reconnect(session.doc, edge, to)),
        }));
    };
    openMenu(
      label,
      [
        { label: "Add a step here", icon: "plus", run: () => this.pick({ kind: "edge", edge }, at, "Add here") },
        { label: "Lead to another step", icon: "corner-down-right", more: elsewhere, title: "Lead to" },
        ...(edge.kind === "start"
          ? []
          : [
              { label: "Edit in the inspector", icon: "panel-right", run: () => this.#editEdge(route) } as MenuItem,
              "line" as const,
              {
                label: "Disconnect",
                icon: "unplug",
                danger: true,
                run: () => void session.attempt(() => disconnect(session.doc, edge)),
              } as MenuItem,
            ]),
      ],
      at,
      () => this.focusCanvas(),
    );
  }

  #editEdge(route: Route): void {
    const { edge } = route;
    const field = {
      start: "",
      next: "Next",
      default: "Default",
      choice: `Choices/${edge.index}/Next`,
      catch: `Catch/${edge.index}/Next`,
    }[edge.kind];
    this.parts.session.showField(edge.from, field);
  }

  /** All that can be done with the selected state. */
  stateMenu(at?: Point): void {
    const { session } = this.parts;
    const id = session.selected;
    const graph = session.graph;
    if (id === null || !graph) return;
    const state = graph.states.get(id)!;
    const ends = isTerminal(state.type) ? "Nothing can follow it" : null;
    const catches = ["Task", "Parallel", "Map"].includes(state.type)
      ? null
      : "Only Task, Parallel and Map catch errors";
    const wraps = (): MenuItem[] => [
      { label: "Parallel", icon: "columns-2", run: () => this.wrap("Parallel") },
      { label: "Map", icon: "layers", run: () => this.wrap("Map") },
    ];
    const items: MenuItem[] = [
      { label: "Open in the inspector", icon: "panel-right", keys: "Enter", run: () => this.parts.openInspector() },
      { label: "Rename", icon: "text-cursor-input", keys: "F2", run: () => this.parts.editName() },
      { label: "Test", icon: "play", keys: "T", run: () => this.parts.testState() },
      "line",
      { label: "Add after", icon: "arrow-down", keys: "A", run: () => this.pickAfter(), why: ends },
      { label: "Add before", icon: "arrow-up", keys: "⇧ A", run: () => this.pickBefore() },
      ...(state.type === "Parallel"
        ? [
            {
              label: "Add branch",
              icon: "git-branch",
              run: () => void session.attempt(() => addBranch(session.doc, id)),
            } as MenuItem,
          ]
        : []),
      { label: "Connect to", icon: "corner-down-right", keys: "C", run: () => this.connectMenu(), why: ends },
      { label: "Catch errors", icon: "shield-alert", run: () => this.#addCatcher(id), why: catches },
      { label: "Move to another place", icon: "hand", keys: "M", run: () => this.parts.startMove(id) },
      { label: "Wrap in", icon: "columns-2", more: wraps, title: `Wrap ${id} in` },
      "line",
      { label: "Duplicate", icon: "copy", keys: "Ctrl D", run: () => this.duplicate() },
      { label: "Copy", icon: "clipboard", keys: "Ctrl C", run: () => void this.copy() },
      {
        label: "Paste after",
        icon: "clipboard-paste",
        keys: "Ctrl V",
        run: () => void this.pasteFromClipboard(),
        why: ends,
      },
      "line",
      { label: "Delete", icon: "trash-2", keys: "Del", danger: true, run: () => this.remove() },
    ];
    openMenu(id, items, at ?? this.#pointOf(id), () => this.focusCanvas());
  }

  #addCatcher(id: StateId): void {
    const { session } = this.parts;
    const count = (session.graph?.states.get(id)?.json.Catch as unknown[] | undefined)?.length ?? 0;
    if (session.make(() => addCatcher(session.doc, id)))
      session.showField(id, `Catch/${count === 0 ? 0 : count - 1}/ErrorEquals`);
  }

  wrapMenu(): void {
    const id = this.parts.session.selected;
    if (id === null) return;
    openMenu(
      `Wrap ${id} in`,
      [
        { label: "Parallel", icon: "columns-2", run: () => this.wrap("Parallel") },
        { label: "Map", icon: "layers", run: () => this.wrap("Map") },
      ],
      this.#pointOf(id),
      () => this.focusCanvas(),
    );
  }

  /** The selected state's text for the clipboard, null when there is none. */
  copyText(): string | null {
    const { session } = this.parts;
    const id = session.selected;
    return id === null || session.doc.stale ? null : copy(session.doc, id);
  }

  async copy(): Promise<void> {
    const { session } = this.parts;
    const text = this.copyText();
    if (text === null) return;
    try {
      await navigator.clipboard.writeText(text);
      session.say(`“${session.selected}” is on the clipboard as States Language.`, "succeeded");
    } catch {
      session.say("The browser does not let this page copy. Press Ctrl+C on the canvas instead.", "failed");
    }
  }

  async pasteFromClipboard(): Promise<void> {
    try {
      this.paste(await navigator.clipboard.readText());
    } catch {
      this.parts.session.say(
        "The browser does not let this page read the clipboard. Press Ctrl+V on the canvas instead.",
        "failed",
      );
    }
  }

  paste(text: string): void {
    const { session, canvas } = this.parts;
    const graph = session.graph;
    if (!graph) return;
    const pasted = session.attempt(() => paste(session.doc, text, this.#placeAfter()));
    if (!pasted) return;
    session.select(pasted.first, "edit", { reveal: true, focus: true });
    canvas.announce(`${pasted.count} pasted.`);
    if (pasted.notes.length > 0)
      session.say(
        `${pasted.notes.slice(0, 3).join("; ")}${pasted.notes.length > 3 ? ` and ${pasted.notes.length - 3} more` : ""}.`,
      );
  }

  focusCanvas(): void {
    const { session, canvas } = this.parts;
    const id = session.selected;
    if (id !== null) canvas.select(id, { focus: true });
    else canvas.el.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus({ preventScroll: true });
  }

  /** Below the middle of a state, in the window; the middle of the canvas for none. */
  #pointOf(id: StateId | null): Point {
    const { canvas } = this.parts;
    const host = canvas.el.getBoundingClientRect();
    const box = id === null ? undefined : this.parts.layoutOf()?.nodes.get(id);
    if (!box) return { x: host.left + host.width / 2 - 140, y: host.top + host.height / 3 };
    const at = canvas.toHost({ x: box.x + box.w / 2, y: box.y + Math.min(box.h, 60) });
    return {
      x: Math.min(Math.max(host.left + at.x, host.left + 20), host.right - 40),
      y: Math.min(Math.max(host.top + at.y, host.top + 20), host.bottom - 40),
    };
  }
}
