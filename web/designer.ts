// The designer's page: puts the document, the picture and the panels together.
import { Api, parseProblems } from "./api";
import { title } from "./asl/title";
import { Canvas } from "./canvas/canvas";
import { Doc } from "./doc/doc";
import { Keeper, keptDraft, keptHistory } from "./doc/keeper";
import { layout as layOut } from "./geom/layout";
import type { Layout } from "./geom/types";
import { asked } from "./instead";
import { Checker } from "./panels/checker";
import { CodePanel } from "./panels/code";
import { Completer } from "./panels/complete";
import { showConflict } from "./panels/conflict";
import { byId, h, icon, iconButton } from "./panels/dom";
import { Inspector } from "./panels/inspector";
import { openMenu } from "./panels/menu";
import { Notices } from "./panels/notices";
import { Palette } from "./panels/palette";
import { Picker } from "./panels/picker";
import { Problems, positionOf } from "./panels/problems";
import { Publisher } from "./panels/publish";
import { Rooms, roomButton } from "./panels/rooms";
import { RunDialog } from "./panels/run";
import { type Problem, Session } from "./panels/session";
import { showShortcuts } from "./panels/shortcuts";
import { Commands } from "./tools/commands";
import { followCanvas } from "./tools/follow";
import { listenToKeys } from "./tools/keys";
import { Mover } from "./tools/mover";
import { Pointer } from "./tools/pointer";

interface PageData {
  name: string;
  text: string;
  input: string;
  revision: number;
  publishedText: string;
  problems: Problem[];
  /** A version that the draft shall become. */
  restore: { name: string; text: string } | null;
}

/** What the server wrote into the page. */
function pageData(): PageData {
  const raw: unknown = JSON.parse(byId("designer-data")?.textContent ?? "{}");
  const d = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  const text = (v: unknown): string => (typeof v === "string" ? v : "");
  return {
    name: text(d.name),
    text: text(d.text),
    input: text(d.input),
    revision: typeof d.revision === "number" ? d.revision : 0,
    publishedText: text(d.publishedText),
    problems: parseProblems(d.diagnostics),
    restore: restored(d.restore),
  };
}

function restored(raw: unknown): PageData["restore"] {
  const r = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  return typeof r.name === "string" && typeof r.text === "string" ? { name: r.name, text: r.text } : null;
}

class Designer {
  readonly doc: Doc;
  readonly session: Session;
  readonly keeper: Keeper;
  readonly canvas: Canvas;
  readonly api: Api;
  #layout: Layout | null = null;
  #rooms!: Rooms;
  #inspector!: Inspector;
  #stale = h("div", {
    class: "banner banner-caught stale-note",
    role: "status",
    hidden: true,
    "data-canvas-ignore": true,
  });

  constructor(data: PageData) {
    const kept = keptDraft(localStorage, data.name);
    this.doc = new Doc(kept?.text ?? data.text);
    const history = keptHistory(localStorage, data.name);
    if (history) this.doc.restore(history);
    this.api = new Api(data.name);
    this.session = new Session(data.name, this.doc);
    this.keeper = new Keeper(this.doc, {
      name: data.name,
      revision: data.revision,
      text: data.text,
      input: data.input,
      send: (draft, keepalive) => this.api.save(draft, keepalive),
      storage: localStorage,
      clock: {
        after: (ms, run) => {
          const id = setTimeout(run, ms);
          return () => clearTimeout(id);
        },
      },
    });
    const notices = new Notices();
    this.session.on("notice", (notice) => notices.show(notice));
    this.session.on("change", () => notices.outdated());
    const host = byId("canvas")!;
    host.replaceChildren();
    this.canvas = new Canvas(host, { editable: true, label: `${title(data.name)}, steps` });
    this.#panels(data);
    this.#picture();
    this.session.setProblems(data.problems);
    const checker = new Checker(this.session, this.api);
    this.keeper.on((_, answer) => {
      if (answer && "problems" in answer && !this.keeper.dirty && !this.doc.stale)
        this.session.setProblems((answer as { problems: Problem[] }).problems);
    });
    this.#keeping(data, kept);
    this.#restore(data.restore);
    if (this.doc.stale || kept) checker.now();
    // The panels stand now, so the picture knows its room.
    requestAnimationFrame(() => requestAnimationFrame(() => this.canvas.home()));
    this.#remember(data.name);
  }

  #panels(data: PageData): void {
    const { session, canvas, keeper, api } = this;
    const problems = new Problems(byId("problems")!, session);
    const picker = new Picker();
    const commands: Commands = new Commands({
      session,
      canvas,
      picker,
      layoutOf: () => this.#layout,
      editName: () => this.#inspector.editName(),
      openInspector: () => this.#inspector.focus(),
      testState: () => this.#inspector.test(),
      startMove: (id) => {
        commands.focusCanvas();
        mover.start(id);
      },
    });
    const mover = new Mover(
      canvas,
      session,
      () => this.#layout,
      (id, place) => commands.move(id, place),
    );
    const pointer: Pointer = new Pointer(canvas, session, () => this.#layout, {
      insert: (item, place) => commands.insert(item, place),
      move: (id, place) => commands.move(id, place),
      connect: (from, to) => commands.connect(from, to),
      canConnect: (from, to) => commands.canConnect(from, to),
      connectNew: (from, where) => commands.pick({ kind: "after", state: from }, where, `Add after ${from}`),
      say: (text) => session.say(text),
    });
    const palette = new Palette(byId("palette")!, {
      add: (item) => commands.add(item),
      grab: (item, e, from) => pointer.grab(item, e, from),
    });
    const actions = {
      undo: () => this.undo(),
      redo: () => this.redo(),
      leave: () => commands.focusCanvas(),
      close: () => {
        this.#rooms.set("code", false);
        commands.focusCanvas();
      },
      open: () => this.#rooms.set("code", true),
    };
    const code = new CodePanel(byId("code")!, session, actions, new Completer(session, this.api));
    this.#inspector = new Inspector(
      byId("inspector")!,
      session,
      {
        leave: () => commands.focusCanvas(),
        menu: (anchor) => {
          const box = anchor.getBoundingClientRect();
          commands.stateMenu({ x: box.right - 220, y: box.bottom + 4 });
        },
        close: () => {
          this.#rooms.set("inspector", false);
          commands.focusCanvas();
        },
        open: () => this.#rooms?.set("inspector", true),
      },
      { api, storage: localStorage, sample: () => keeper.input },
    );
    this.#rooms = new Rooms(
      { palette: byId("palette")!, code: byId("code")!, inspector: byId("inspector")! },
      this.#bar(),
      (room, open) => {
        if (room === "code" && open) void code.load();
        pointer.place();
      },
      // What was in the middle stays in the middle.
      (by) => canvas.pan(by / 2, 0),
    );
    followCanvas({
      canvas,
      session,
      commands,
      pointer,
      layoutOf: () => this.#layout,
      openInspector: () => this.#inspector.focus(),
      selected: (id) => {
        if (this.#rooms.isNarrow) this.#rooms.set("inspector", id !== null);
      },
    });
    session.on("change", () => {
      this.#picture();
      pointer.place();
      this.#history();
    });
    const dialog = byId("run-dialog");
    const run = byId("run");
    if (dialog instanceof HTMLDialogElement && run) {
      new RunDialog({
        dialog,
        button: run,
        session,
        keeper,
        api,
        problems,
        go: (location) => window.location.assign(location),
        conflict: () => this.#conflict(),
      });
    }
    new Publisher({
      button: byId("publish"),
      badge: byId("save-state"),
      session,
      keeper,
      api,
      problems,
      publishedText: data.publishedText,
      conflict: () => this.#conflict(),
    });
    listenToKeys({
      session,
      canvas,
      commands,
      mover,
      pointer,
      undo: () => this.undo(),
      redo: () => this.redo(),
      editName: () => this.#inspector.editName(),
      testState: () => this.#inspector.test(),
      search: () => {
        this.#rooms.set("palette", true);
        palette.focusSearch();
      },
      toggleCode: () => this.#rooms.toggle("code"),
      nextProblem: (step) => problems.next(step),
      save: () => {
        if (keeper.state.kind === "conflict") this.#conflict();
        else void keeper.flush();
      },
    });
    canvas.el.append(
      h(
        "button",
        {
          type: "button",
          class: "btn btn-primary add-button",
          "data-canvas-ignore": true,
          onclick: () => commands.pickAfter(),
        },
        icon("plus"),
        "Add",
      ),
      this.#stale,
    );
  }

  /** The buttons of the bar; returns those that open panels. */
  #bar(): Partial<Record<"palette" | "code" | "inspector", HTMLElement>> {
    const undo = byId("undo");
    const redo = byId("redo");
    undo?.addEventListener("click", () => this.undo());
    redo?.addEventListener("click", () => this.redo());
    undo?.addEventListener("contextmenu", (e) => {
      e.preventDefault();
      this.#historyMenu(undo);
    });
    const code = byId("toggle-code") ?? undefined;
    const palette = roomButton("palette", "Steps to add", "panel-left");
    const inspector = roomButton("inspector", "Inspector", "panel-right");
    code?.before(palette);
    code?.after(
      inspector,
      iconButton("keyboard", "Keys", () => showShortcuts(), { class: "keys-button" }),
    );
    this.#history();
    return { palette, inspector, ...(code ? { code } : {}) };
  }

  #picture(): void {
    const { doc, canvas } = this;
    this.#stale.hidden = !doc.stale;
    canvas.el.classList.toggle("stale", doc.stale);
    if (doc.stale) {
      const at = doc.mistakes[0]?.offset ?? 0;
      const { line } = positionOf(doc.text, at);
      this.#stale.replaceChildren(
        icon("triangle-alert"),
        h(
          "span",
          { class: "grow" },
          `The code has a mistake in line ${line}. The picture shows the last version that could be read, and waits.`,
        ),
        h("button", { type: "button", class: "btn btn-s", onclick: () => this.session.showCode(at) }, "Show it"),
      );
    }
    if (!doc.graph || doc.stale) return;
    const first = this.#layout === null;
    this.#layout = layOut(doc.graph);
    canvas.setGraph(doc.graph, this.#layout, { animate: !first });
  }

  undo(): void {
    const name = this.doc.undo();
    this.canvas.announce(name === null ? "Nothing to undo." : `Undone: ${name}`);
  }

  redo(): void {
    const name = this.doc.redo();
    this.canvas.announce(name === null ? "Nothing to redo." : `Done again: ${name}`);
  }

  #history(): void {
    for (const [id, word, names] of [
      ["undo", "Undo", this.doc.undoNames],
      ["redo", "Redo", this.doc.redoNames],
    ] as const) {
      const button = byId(id);
      button?.toggleAttribute("disabled", names.length === 0);
      const last = names.at(-1);
      if (button) button.title = last === undefined ? word : `${word}: ${last}`;
    }
  }

  /** The entries that can be taken back, each with all that came after it. */
  #historyMenu(anchor: HTMLElement): void {
    const names = this.doc.undoNames.toReversed().slice(0, 15);
    if (names.length === 0) return;
    const box = anchor.getBoundingClientRect();
    const back = (n: number) => (): void => {
      for (let i = 0; i < n; i++) this.doc.undo();
    };
    openMenu(
      "Undo back to",
      names.map((name, i) => ({ label: name, icon: "undo-2", run: back(i + 1) })),
      { x: box.left, y: box.bottom + 4 },
      () => anchor.focus(),
    );
  }

  #conflict(): void {
    const { keeper, doc, session } = this;
    showConflict(keeper, doc.text, () => session.say("Both versions are in the undo history.", "succeeded"));
  }

  #keeping(data: PageData, kept: ReturnType<typeof keptDraft>): void {
    const { keeper, session } = this;
    const ask = (): void => this.#conflict();
    keeper.on((state, answer) => {
      if (state.kind === "conflict" && (answer || kept)) ask();
      if (state.kind === "refused") session.say(state.message, "failed");
    });
    byId("save-state")?.addEventListener("click", ask);
    if (kept && (kept.text !== data.text || kept.input !== data.input)) {
      keeper.resume(kept, data);
      if (keeper.state.kind === "waiting")
        session.say("Changes that the server had not got yet are back.", "succeeded");
    } else if (kept) {
      keeper.forget();
    }
    document.addEventListener("focusout", () => void keeper.flush());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void keeper.flush();
    });
    window.addEventListener("pagehide", () => {
      keeper.keepHistory();
      void keeper.flush(true);
    });
    window.addEventListener("online", () => void keeper.flush());
  }

  /** A version becomes the draft as one change, so that undo brings back what was drawn before. */
  #restore(version: PageData["restore"]): void {
    if (!version) return;
    const wanted = asked(location.pathname + location.search);
    history.replaceState(null, "", location.pathname);
    if (!wanted || version.text === this.doc.text) return;
    this.doc.replace(version.text, version.name);
    this.session.say(`${version.name}: done. Nothing is published yet.`, "succeeded", {
      label: "Undo",
      run: () => this.undo(),
    });
  }

  /** Selection over a reload of this tab. */
  #remember(name: string): void {
    const key = `statehouse.selected.${name}`;
    try {
      const id = sessionStorage.getItem(key);
      if (id !== null) this.session.select(id, "panel");
      this.session.on("select", ({ id }) =>
        id === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, id),
      );
    } catch {
      // Nothing is selected after a reload then.
    }
  }
}

if (byId("designer-data") && byId("canvas")) new Designer(pageData());
