/** The timeline: one line for each visit of a state, its bar on the run's time. */
import { statusIcons, statusWords } from "../canvas/draw";
import { h, icon } from "./dom";
import type { Run, Visit } from "./run";
import { count, entered, plural, took } from "./words";

/** More lines than this say nothing to anybody; the last ones are shown. */
const most = 400;

interface Drawn {
  el: HTMLLIElement;
  rect: SVGRectElement;
  took: HTMLElement;
  status: string;
  redriven: number;
}

export class Steps {
  private readonly drawn = new Map<number, Drawn>();
  private readonly note: HTMLLIElement;
  private readonly redrives = new Map<number, HTMLLIElement>();
  private run: Run | null = null;

  constructor(
    private readonly list: HTMLElement,
    private readonly choose: (name: string, visit: number) => void,
  ) {
    this.note = h("li", { class: "step-note" });
    list.replaceChildren();
  }

  show(run: Run, now: number): void {
    this.run = run;
    const all = [...run.visits.values()];
    const shown = all.slice(-most);
    const keep = new Set(shown.map((v) => v.id));
    for (const [id, d] of this.drawn) {
      if (keep.has(id)) continue;
      d.el.remove();
      this.drawn.delete(id);
    }
    if (all.length > shown.length) {
      this.note.textContent = `The last ${count(shown.length)} of ${plural(all.length, "step")}`;
      if (!this.note.isConnected) this.list.prepend(this.note);
    }
    for (const v of shown) {
      const known = this.drawn.get(v.id);
      if (known !== undefined && known.status === v.status && known.redriven === v.redriven) continue;
      const d = this.draw(run, v);
      if (known === undefined) this.list.append(d.el);
      else known.el.replaceWith(d.el);
      this.drawn.set(v.id, d);
    }
    this.markRedrives(run, shown);
    this.tick(now);
  }

  /** Between what a redrive found and what came after it stands a line that says so. */
  private markRedrives(run: Run, shown: readonly Visit[]): void {
    for (const r of run.redrives) {
      const next = shown.find((v) => v.id > r.id);
      const before = next === undefined ? null : (this.drawn.get(next.id)?.el ?? null);
      let line = this.redrives.get(r.id);
      if (line === undefined) {
        const on =
          r.steps.length === 0
            ? ""
            : `, went on with ${r.steps.slice(0, 3).join(", ")}${r.steps.length > 3 ? " …" : ""}`;
        line = h(
          "li",
          { class: "step-note step-redriven" },
          icon("rotate-cw"),
          h("span", {}, `Redriven${on}`),
          h("time", { datetime: iso(r.at) }, entered(run.startedAt ?? r.at, r.at)),
        );
        this.redrives.set(r.id, line);
      } else if (line.nextElementSibling === before) continue;
      this.list.insertBefore(line, before);
    }
  }

  /** Bars and times as of now. */
  tick(now: number): void {
    const run = this.run;
    if (run === null || run.startedAt === null) return;
    const end = run.endedAt ?? now;
    const whole = Math.max(1, end - run.startedAt);
    for (const [id, d] of this.drawn) {
      const v = run.visits.get(id);
      if (v === undefined) continue;
      const to = v.exitedAt ?? end;
      const width = Math.max(0.8, (100 * (to - v.enteredAt)) / whole);
      const left = Math.min(99.2, (100 * (v.enteredAt - run.startedAt)) / whole);
      set(d.rect, "x", `${left.toFixed(2)}%`);
      set(d.rect, "width", `${Math.min(width, 100 - left).toFixed(2)}%`);
      const words = took(to - v.enteredAt);
      if (d.took.textContent !== words) d.took.textContent = words;
    }
  }

  select(name: string | null): void {
    for (const d of this.drawn.values()) d.el.classList.toggle("step-chosen", d.el.dataset.state === name);
  }

  private draw(run: Run, v: Visit): Drawn {
    let depth = 0;
    for (let p = v.parent; p !== 0 && depth < 4; p = run.visits.get(p)?.parent ?? 0) depth++;
    const open = h("button", { type: "button", class: "step-open truncate" }, v.name);
    open.addEventListener("click", () => this.choose(v.name, v.id));
    const space = "http://www.w3.org/2000/svg";
    const bar = document.createElementNS(space, "svg");
    bar.setAttribute("class", "step-bar");
    bar.setAttribute("aria-hidden", "true");
    const rect = document.createElementNS(space, "rect");
    for (const [k, x] of [
      ["y", "0"],
      ["height", "100%"],
      ["rx", "5"],
    ] as const)
      rect.setAttribute(k, x);
    bar.append(rect);
    const tookEl = h("span", { class: "step-took" });
    const el = h(
      "li",
      { class: `step tone-${v.status} step-depth-${depth}`, "data-state": v.name },
      icon(statusIcons[v.status]),
      h(
        "span",
        { class: "step-name truncate" },
        open,
        h("span", { class: "sr-only" }, `, ${statusWords[v.status]}${v.redriven > 0 ? ", redriven" : ""}`),
      ),
      h(
        "span",
        { class: "step-time" },
        h("time", { datetime: iso(v.enteredAt) }, entered(run.startedAt ?? v.enteredAt, v.enteredAt)),
      ),
      bar,
      tookEl,
    );
    return { el, rect, took: tookEl, status: v.status, redriven: v.redriven };
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function set(el: Element, name: string, value: string): void {
  if (el.getAttribute(name) !== value) el.setAttribute(name, value);
}
