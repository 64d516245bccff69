/** What one state did: status, data in and out, their difference, tries, error and cause. */
import type { StateRec } from "../asl/model";
import { statusIcons, statusWords } from "../canvas/draw";
import { badge, type Child, h, icon } from "./dom";
import { difference, readJson } from "./json";
import { type LimitNote, type Limits, largePayload, near, ofKib } from "./limits";
import { attempts, code, listing, mostText, nothing } from "./listing";
import type { StateRun } from "./overlay";
import type { Run, Visit } from "./run";
import { after, jsonOf, utf8 } from "./variables";
import { clock, dayTime, mapRunPath, plural, took } from "./words";

type Tab = "input" | "output" | "difference" | "variables" | "attempts";

const tabs: readonly [Tab, string][] = [
  ["input", "Input"],
  ["output", "Output"],
  ["difference", "Difference"],
  ["variables", "Variables"],
  ["attempts", "Attempts"],
];

export interface PanelEvents {
  close: () => void;
}

export class Panel {
  private tab: Tab = "difference";
  private chosen = false;
  private visit = 0;
  private key = "";
  private unfolded = false;
  private readonly summary: Element[];
  private time: HTMLElement | null = null;
  private shown: Visit | null = null;
  private now = 0;
  private began = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly events: PanelEvents,
    private readonly limits: Limits,
  ) {
    this.summary = [...host.children];
  }

  /** Back to what the server said about the run. */
  clear(): void {
    this.key = "";
    this.shown = null;
    this.host.replaceChildren(...this.summary);
  }

  /** The warnings beside the picture, as they are now. */
  warn(notes: readonly LimitNote[]): void {
    const box = this.summary.map((el) => el.querySelector<HTMLElement>("#limit-notes")).find((el) => el !== null);
    box?.replaceChildren(
      ...notes.map((n) =>
        h(
          "div",
          { class: "banner banner-caught" },
          icon("triangle-alert"),
          h("div", {}, h("p", { class: "strong" }, n.title), h("p", {}, n.text)),
        ),
      ),
    );
  }

  /** Shows a state; `visit` 0 is its latest. */
  show(rec: StateRec, state: StateRun | undefined, run: Run, now: number, visit = 0): void {
    if (visit !== 0) this.visit = visit;
    this.began = run.startedAt ?? now;
    const visits = state?.visits ?? [];
    const v =
      visits.find((x) => x.id === this.visit) ??
      visits.find((x) => x.status === state?.status) ??
      visits.at(-1) ??
      null;
    const key = [
      rec.id,
      v?.id,
      v?.status,
      v?.attempts.length,
      v?.redriven,
      v?.output === null,
      visits.length,
      this.tab,
      this.unfolded,
      v?.iterations?.done,
      v?.mapRun,
    ].join("|");
    this.shown = v;
    this.now = now;
    if (key !== this.key) {
      const focused =
        document.activeElement instanceof HTMLElement && this.host.contains(document.activeElement)
          ? document.activeElement.dataset.key
          : undefined;
      this.key = key;
      this.draw(rec, v, visits, run);
      if (focused !== undefined) this.host.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
    }
    this.tick(now);
  }

  /** Another state was chosen: its latest visit, its own default tab. */
  reset(): void {
    this.visit = 0;
    this.unfolded = false;
    if (!this.chosen) this.tab = "difference";
  }

  tick(now: number): void {
    this.now = now;
    if (this.time === null || this.shown === null) return;
    const words = took((this.shown.exitedAt ?? now) - this.shown.enteredAt);
    if (this.time.textContent !== words) this.time.textContent = words;
  }

  private draw(rec: StateRec, v: Visit | null, visits: Visit[], run: Run): void {
    const again = (): void => {
      this.key = "";
      this.draw(rec, this.shown, visits, run);
    };
    const close = h(
      "button",
      {
        type: "button",
        class: "btn btn-ghost btn-icon btn-s",
        "aria-label": "Back to the run",
        title: "Back to the run",
        "data-key": "close",
      },
      icon("x"),
    );
    close.addEventListener("click", () => this.events.close());
    const status =
      v === null
        ? badge("idle", statusIcons.idle, statusWords.idle)
        : badge(v.status, statusIcons[v.status], statusWords[v.status]);
    const head = h(
      "header",
      { class: "state-head" },
      h("div", { class: "state-title" }, h("h2", { class: "truncate" }, rec.name), status, close),
      this.facts(rec, v),
      this.visits(v, visits, again),
      this.actions(v),
    );
    const body: Child[] =
      v === null
        ? [
            h(
              "p",
              { class: "state-nothing muted" },
              run.status === "RUNNING" ? "The run has not come here yet." : "The run did not come here.",
            ),
          ]
        : [this.problem(v), this.bar(again), this.content(v, run, again)];
    this.host.replaceChildren(h("div", { class: "state-panel" }, head, ...body.filter((c) => c !== null)));
    this.tick(this.now);
  }

  private facts(rec: StateRec, v: Visit | null): HTMLElement {
    this.time = h("strong", { class: "strong-text" });
    if (v === null) return h("p", { class: "muted" }, rec.meaning);
    const p = h("p", { class: "muted state-facts" });
    if (v.status === "waiting") {
      p.append(
        "Open for ",
        this.time,
        ...(v.who === null ? [] : [" with ", h("strong", { class: "strong-text" }, v.who)]),
      );
      if (v.due !== null) p.append(v.due < Date.now() ? ", overdue since " : ", due ", dayTime(Date.now(), v.due));
    } else
      p.append(
        v.exitedAt === null ? "Running for " : "Took ",
        this.time,
        ` · entered ${clock(this.began, v.enteredAt)}`,
      );
    if (v.attempts.length > 1) p.append(` · try ${v.attempts.length}`);
    if (v.redriven > 0) p.append(v.redriven === 1 ? " · redriven" : ` · redriven ${v.redriven} times`);
    if (v.iterations !== null)
      p.append(
        ` · ${v.iterations.done} of ${v.iterations.total} done${v.iterations.failed > 0 ? `, ${v.iterations.failed} failed` : ""}`,
      );
    const map = v.mapRun === null ? null : mapRunPath(v.mapRun);
    if (map !== null) p.append(" · ", h("a", { href: map }, "Map run"));
    return p;
  }

  private visits(v: Visit | null, visits: Visit[], again: () => void): HTMLElement | null {
    if (v === null || visits.length < 2) return null;
    const at = visits.indexOf(v);
    const step = (to: number, label: string, name: string): HTMLElement => {
      const b = h(
        "button",
        {
          type: "button",
          class: "btn btn-ghost btn-icon btn-s",
          "aria-label": label,
          disabled: visits[to] === undefined,
          "data-key": label,
        },
        icon(name),
      );
      b.addEventListener("click", () => {
        this.visit = visits[to]?.id ?? 0;
        this.shown = visits[to] ?? null;
        again();
        this.host.querySelector<HTMLElement>(`[data-key="${label}"]`)?.focus();
      });
      return b;
    };
    return h(
      "div",
      { class: "state-visits" },
      step(at - 1, "Earlier visit", "chevron-left"),
      h("span", {}, `Visit ${at + 1} of ${visits.length}`),
      step(at + 1, "Later visit", "chevron-right"),
    );
  }

  private actions(v: Visit | null): HTMLElement | null {
    if (v === null || v.taskId === null || v.status !== "waiting") return null;
    return h(
      "p",
      { class: "row" },
      h(
        "a",
        { class: "btn btn-primary", href: `/inbox/${encodeURIComponent(v.taskId)}` },
        icon("inbox"),
        "Open in inbox",
      ),
    );
  }

  private problem(v: Visit): HTMLElement | null {
    if (v.error === null || v.status === "succeeded" || v.status === "running") return null;
    const tone = v.status === "failed" ? "failed" : "caught";
    return h(
      "div",
      { class: `banner banner-${tone} state-error` },
      icon(tone === "failed" ? "circle-x" : "triangle-alert"),
      h(
        "div",
        {},
        h("p", { class: "strong" }, v.error),
        v.cause === null || v.cause === "" ? null : h("p", { class: "state-cause" }, v.cause),
      ),
    );
  }

  private bar(again: () => void): HTMLElement {
    const bar = h("div", { class: "tabs state-tabs", role: "tablist", "aria-label": "Data of this step" });
    for (const [id, label] of tabs) {
      const on = id === this.tab;
      const b = h(
        "button",
        {
          type: "button",
          class: "tab",
          role: "tab",
          id: `state-tab-${id}`,
          "aria-controls": "state-data",
          "aria-selected": String(on),
          tabindex: on ? "0" : "-1",
          "data-key": `tab-${id}`,
        },
        label,
      );
      const choose = (to: Tab): void => {
        this.tab = to;
        this.chosen = true;
        this.unfolded = false;
        again();
        this.host.querySelector<HTMLElement>(`[data-key="tab-${to}"]`)?.focus();
      };
      b.addEventListener("click", () => choose(id));
      b.addEventListener("keydown", (e) => {
        const by = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
        if (by === 0) return;
        e.preventDefault();
        choose(tabs[(tabs.findIndex(([t]) => t === id) + by + tabs.length) % tabs.length]?.[0] ?? id);
      });
      bar.append(b);
    }
    return bar;
  }

  private content(v: Visit, run: Run, again: () => void): HTMLElement {
    const box = h("div", {
      class: "state-data",
      id: "state-data",
      role: "tabpanel",
      "aria-labelledby": `state-tab-${this.tab}`,
      tabindex: "0",
    });
    switch (this.tab) {
      case "input":
        box.append(...this.size(v.input), code(v.input));
        return box;
      case "output":
        box.append(
          ...this.size(v.output),
          v.output === null
            ? nothing(v.exitedAt === null ? "No output yet." : "This step has no output.")
            : code(v.output),
        );
        return box;
      case "difference":
        this.compare(box, v, again);
        return box;
      case "variables":
        this.variables(box, v);
        return box;
      case "attempts":
        box.append(attempts(v, this.began, run.redrives));
        return box;
    }
  }

  /** What the state saw, and what it set over that. */
  private variables(box: HTMLElement, v: Visit): void {
    const names = [...v.assigned.keys()].sort();
    const seen = v.variables.size;
    if (names.length === 0 && seen === 0) {
      box.append(
        nothing("No variable was set before this step, and it sets none. Assign in a state's definition does."),
      );
      return;
    }
    const sees = seen === 0 ? "It saw none before." : `It saw ${plural(seen, "variable")}.`;
    const sets = v.exitedAt === null ? "" : names.length === 0 ? "Sets none." : `Sets ${names.join(", ")}.`;
    box.append(nothing(`${sets} ${sees}`.trim()));
    const [before, now] = [jsonOf(v.variables), jsonOf(after(v))];
    if (before.length + now.length > 2 * mostText)
      box.append(code(jsonOf(v.assigned.size === 0 ? v.variables : v.assigned)));
    else box.append(listing(difference(readJson(before), readJson(now), false)));
  }

  /** A word of warning above data that will soon be too large. */
  private size(text: string | null): HTMLElement[] {
    if (text === null || !near(text.length * 3, this.limits.payload)) return [];
    const bytes = utf8(text);
    if (!near(bytes, this.limits.payload)) return [];
    const words = h(
      "div",
      {},
      h("p", { class: "strong" }, ofKib(bytes, this.limits.payload)),
      h("p", {}, largePayload),
    );
    return [h("div", { class: "banner banner-caught state-error" }, icon("triangle-alert"), words)];
  }

  private compare(box: HTMLElement, v: Visit, again: () => void): void {
    if (v.input === null) {
      box.append(nothing("This step has no input."));
      return;
    }
    if (v.output === null) {
      box.append(
        nothing(
          v.exitedAt === null ? "No output yet. This is the input." : "This step has no output. This is the input.",
        ),
        code(v.input),
      );
      return;
    }
    if (v.input.length + v.output.length > 2 * mostText) {
      box.append(nothing("Too large to compare here: see Input and Output."));
      return;
    }
    const all = difference(readJson(v.input), readJson(v.output), !this.unfolded);
    const changed = all.filter((l) => l.sign !== " ").length;
    const more = h(
      "button",
      { type: "button", class: "btn btn-s", "data-key": "fold" },
      this.unfolded ? "Fold what is the same" : "Show all",
    );
    more.addEventListener("click", () => {
      this.unfolded = !this.unfolded;
      again();
      this.host.querySelector<HTMLElement>('[data-key="fold"]')?.focus();
    });
    box.append(
      h(
        "p",
        { class: "state-note" },
        h(
          "span",
          {},
          changed === 0
            ? "Output is the same as input."
            : `${changed} ${changed === 1 ? "line differs" : "lines differ"}.`,
        ),
        more,
      ),
      listing(all),
    );
  }
}
