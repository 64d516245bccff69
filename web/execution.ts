/** The execution page: the picture coloured by the run, its timeline and events, and the chosen state. */
import { isObject, own } from "./asl/choice";
import type { Graph, StateId } from "./asl/model";
import { parseDefinition } from "./asl/parse";
import { title } from "./asl/title";
import { Canvas } from "./canvas/canvas";
import { statusWords } from "./canvas/draw";
import { layout } from "./geom/layout";
import { badge, h } from "./live/dom";
import { type ExecutionStatus, type HistoryEvent, parseEvents, parseFrame } from "./live/events";
import { Usage } from "./live/limits";
import { noRun, type Overlay, overlayOf, type Run, reduce } from "./live/overlay";
import { type PageData, parseData } from "./live/page";
import { Panel } from "./live/panel";
import { connect, type Link, liveUrl } from "./live/socket";
import { Steps } from "./live/steps";
import { EventTable } from "./live/table";
import { tabList } from "./live/tabs";
import { plural, took } from "./live/words";
import { toast } from "./toast";

const badges: Record<ExecutionStatus, readonly [string, string, string]> = {
  RUNNING: ["running", "refresh-cw", "Running"],
  SUCCEEDED: ["succeeded", "check", "Succeeded"],
  FAILED: ["failed", "x", "Failed"],
  TIMED_OUT: ["timed-out", "timer", "Timed out"],
  ABORTED: ["aborted", "ban", "Stopped"],
};

const links: Record<Link, string> = {
  connecting: "connecting",
  live: "live",
  reconnecting: "reconnecting",
  closed: "ended",
};

class Page {
  private run: Run = noRun;
  private overlay: Overlay = { states: new Map(), edges: new Set() };
  private events = 0;
  private opened = false;
  private selected: StateId | null = null;
  private waiting: HistoryEvent[] = [];
  private frame = 0;
  private link: Link = "connecting";
  private lastAt = 0;
  /** How far the server's clock is ahead of this one, in milliseconds. */
  private ahead = 0;
  private said = new Map<StateId, string>();
  private readonly usage: Usage;
  private warned = "";
  private readonly canvas: Canvas | null;
  private readonly steps: Steps | null;
  private readonly table: EventTable | null;
  private readonly panel: Panel | null;

  constructor(
    private readonly data: PageData,
    private readonly graph: Graph | null,
  ) {
    if (data.virtualNow !== null) this.ahead = data.virtualNow - Date.now();
    this.usage = new Usage(data.limits);
    const host = document.getElementById("canvas");
    this.canvas =
      host === null || graph === null
        ? null
        : new Canvas(host, {
            editable: false,
            label: `Steps of ${title(data.machine)}`,
            clock: () => this.clock(),
          });
    const list = document.getElementById("steps");
    this.steps = list === null ? null : new Steps(list, (name, visit) => this.choose(name, { reveal: true, visit }));
    const body = document.querySelector<HTMLElement>("#events tbody");
    this.table = body === null ? null : new EventTable(body);
    const side = document.getElementById("state-panel");
    this.panel =
      side === null ? null : new Panel(side, { close: () => this.choose(null, { focus: true }) }, data.limits);
    if (graph !== null) this.canvas?.setGraph(graph, layout(graph));
    this.canvas?.on("select", (id) => this.choose(id));
    this.canvas?.on("open", (id) => {
      this.choose(id);
      document.querySelector<HTMLElement>("#state-data")?.focus();
    });
    document.querySelectorAll<HTMLElement>(".execution-tools [role=tablist]").forEach(tabList);
  }

  async begin(): Promise<void> {
    this.take(this.data.events);
    this.apply();
    this.openAtCause();
    if (this.data.status === "RUNNING") {
      this.follow();
      setInterval(() => this.tick(), 250);
    } else {
      await this.rest();
      this.setLink("closed");
      this.openAtCause();
    }
  }

  private follow(): void {
    connect({
      url: () => liveUrl(`${this.data.live}?since=${this.last()}`),
      link: (state) => this.setLink(state),
      frame: (text) => {
        const f = parseFrame(text);
        if (f === null || f.type === "inbox") return false;
        if (f.type === "events") {
          this.lastAt = Date.now();
          this.take(f.events);
          return false;
        }
        // The last events may still lie in the queue; the status comes with them.
        this.flush();
        if (this.run.status === "RUNNING")
          this.run = { ...this.run, status: f.status, endedAt: this.run.endedAt ?? this.clock() };
        this.apply();
        this.openAtCause();
        return true;
      },
    });
  }

  /** The events of a closed run that were not in the page. */
  private async rest(): Promise<void> {
    const base = this.data.live.replace(/^\/live/, "/api");
    for (;;) {
      let body: unknown;
      try {
        const answer = await fetch(`${base}/events?after=${this.last()}`, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        body = await answer.json();
      } catch {
        return;
      }
      const events = isObject(body) ? parseEvents(own(body, "events")) : [];
      if (events.length === 0) return;
      this.take(events);
      this.apply();
    }
  }

  private last(): number {
    return Math.max(this.run.last, this.waiting.at(-1)?.id ?? 0);
  }

  /** Queues events; what is known already is dropped. They are drawn with the next frame. */
  private take(events: readonly HistoryEvent[]): void {
    let last = this.last();
    for (const e of events) {
      if (e.id <= last) continue;
      last = e.id;
      this.waiting.push(e);
    }
    if (this.waiting.length === 0 || this.frame !== 0) return;
    if (document.hidden) this.apply();
    else
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.apply();
        this.openAtCause();
      });
  }

  private flush(): void {
    if (this.waiting.length === 0) return;
    const fresh = this.waiting;
    this.waiting = [];
    this.run = reduce(this.run, fresh);
    if (this.data.virtualNow !== null) this.ahead = Math.max(this.ahead, (fresh.at(-1)?.at ?? 0) - Date.now());
    this.events += fresh.length;
    this.table?.add(fresh, this.run);
    this.usage.add(fresh, this.run);
  }

  private apply(): void {
    this.flush();
    if (this.graph !== null) {
      this.overlay = overlayOf(this.run, this.graph);
      this.canvas?.setOverlay(this.overlay);
    }
    this.steps?.show(this.run, this.now());
    this.head();
    this.tell();
    this.showPanel();
  }

  private clock(): number {
    return Date.now() + this.ahead;
  }

  private now(): number {
    return this.run.endedAt ?? this.data.stoppedAt ?? this.clock();
  }

  /** While the events of a closed run are still fetched, what the server said holds. */
  private status(): ExecutionStatus {
    return this.run.status === "RUNNING" ? this.data.status : this.run.status;
  }

  private tick(): void {
    if (this.run.status !== "RUNNING" || document.hidden) return;
    const now = this.now();
    this.steps?.tick(now);
    this.panel?.tick(now);
    this.elapsed();
    this.liveWords();
  }

  private head(): void {
    const status = document.getElementById("status");
    if (status !== null) {
      const waits =
        this.status() === "RUNNING" && [...this.overlay.states.values()].some((s) => s.status === "waiting");
      const [tone, name, words] = waits ? (["waiting", "user", statusWords.waiting] as const) : badges[this.status()];
      if (status.textContent?.trim() !== words) status.replaceChildren(badge(tone, name, words));
    }
    const count = document.getElementById("event-count");
    const full = this.status() === "RUNNING" ? this.usage.history() : null;
    if (count !== null) {
      count.textContent = full ?? plural(Math.max(this.events, this.data.total), "event");
      count.classList.toggle("near-limit", full !== null);
    }
    document.getElementById("stop-button")?.toggleAttribute("hidden", this.status() !== "RUNNING");
    document.getElementById("redrive-button")?.toggleAttribute("hidden", this.status() === "RUNNING");
    this.elapsed();
    this.warn();
    this.closing();
  }

  /** Limits that a run will soon meet, as it comes near them; a run that is over meets none. */
  private warn(): void {
    const notes = this.status() === "RUNNING" ? this.usage.notes() : [];
    const key = notes.map((n) => n.title).join("\n");
    if (key === this.warned) return;
    const more = this.warned === "";
    this.warned = key;
    this.panel?.warn(notes);
    if (more) this.canvas?.announce(`Warning: ${notes.map((n) => n.title).join(", ")}`);
  }

  private elapsed(): void {
    const el = document.getElementById("elapsed");
    const began = this.run.startedAt ?? this.data.startedAt;
    if (el === null || began === null) return;
    const words = took((this.run.endedAt ?? this.data.stoppedAt ?? this.clock()) - began);
    if (el.textContent !== words) el.textContent = words;
  }

  /** When a run ends while somebody watches, what the server said about it is no longer so. */
  private closing(): void {
    if (this.run.status === "RUNNING") return;
    document.getElementById("run-task")?.remove();
    const summary = document.getElementById("run-summary");
    if (summary === null || this.data.status !== "RUNNING" || summary.dataset.closed !== undefined) return;
    summary.dataset.closed = "";
    if (this.run.status !== "SUCCEEDED") void offerRedrive();
    if (this.run.output !== null) {
      summary.append(
        h(
          "section",
          {},
          h("h3", {}, "Output"),
          h("pre", { class: "code", tabindex: "0", "aria-label": "Output" }, pretty(this.run.output)),
        ),
      );
    }
    if (this.run.error !== null) {
      summary
        .querySelector("h2")
        ?.after(
          h(
            "div",
            { class: "banner banner-failed" },
            h(
              "div",
              {},
              h("p", { class: "strong" }, this.run.error),
              this.run.cause === null ? null : h("p", {}, this.run.cause),
            ),
          ),
        );
    }
  }

  /** Says what changed to those who cannot see it. */
  private tell(): void {
    const news: string[] = [];
    for (const [id, s] of this.overlay.states) {
      if (this.said.get(id) === s.status) continue;
      if (this.said.size > 0 || this.data.status === "RUNNING")
        news.push(`${id}: ${statusWords[s.status].toLowerCase()}`);
      this.said.set(id, s.status);
    }
    if (news.length > 0) this.canvas?.announce(news.slice(-3).join(". "));
  }

  private showPanel(): void {
    const rec = this.selected === null ? undefined : this.graph?.states.get(this.selected);
    if (rec !== undefined) this.panel?.show(rec, this.overlay.states.get(rec.id), this.run, this.now());
  }

  private choose(id: StateId | null, opts: { reveal?: boolean; focus?: boolean; visit?: number } = {}): void {
    const rec = id === null ? undefined : this.graph?.states.get(id);
    if (id !== this.selected) this.panel?.reset();
    this.selected = rec?.id ?? null;
    if (this.canvas !== null && (this.canvas.selected !== this.selected || opts.reveal === true)) {
      this.canvas.select(this.selected, { reveal: opts.reveal === true });
    }
    this.steps?.select(this.selected);
    if (rec === undefined) this.panel?.clear();
    else this.panel?.show(rec, this.overlay.states.get(rec.id), this.run, this.now(), opts.visit);
    if (rec === undefined && opts.focus === true)
      document.querySelector<HTMLElement>(".canvas-outline [tabindex='0']")?.focus();
  }

  /** A run that waits for a person opens at their step, once; a failed run at what made it fail. */
  private openAtCause(): void {
    if (this.selected !== null) return;
    if (this.run.status === "RUNNING") {
      const waiting = [...this.overlay.states].find(([, state]) => state.status === "waiting");
      if (waiting === undefined || this.opened) return;
      this.opened = true;
      this.choose(waiting[0], { reveal: true });
      return;
    }
    if (this.run.failed === null) return;
    // From the container inwards to the state where it began.
    let cause = this.run.visits.get(this.run.failed);
    for (let inner = cause; inner !== undefined; ) {
      cause = inner;
      const owner: number = inner.id;
      inner = [...this.run.visits.values()].find((v) => v.parent === owner && v.status === "failed");
    }
    if (cause !== undefined) this.choose(cause.name, { reveal: true, visit: cause.id });
  }

  private setLink(state: Link): void {
    this.link = state;
    this.liveWords();
  }

  private liveWords(): void {
    const el = document.getElementById("live");
    if (el === null) return;
    const since =
      this.lastAt === 0 || this.link !== "live"
        ? ""
        : ` · last event ${took(Math.floor((Date.now() - this.lastAt) / 1000) * 1000).replace(/^< 1 ms$/, "now")}${Date.now() - this.lastAt >= 1000 ? " ago" : ""}`;
    const words = this.link === "closed" ? "" : `${links[this.link]}${since}`;
    if (el.dataset.words === words) return;
    el.dataset.words = words;
    const tone = this.link === "live" ? "succeeded" : "caught";
    el.replaceChildren(...(words === "" ? [] : [h("span", {}, words), h("span", { class: `dot tone-${tone}` })]));
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function start(): void {
  const text = document.getElementById("execution-data")?.textContent;
  if (text == null) return;
  const data = parseData(JSON.parse(text));
  if (data === null) return;
  void new Page(data, parseDefinition(data.definition).graph).begin();
  const address = new URL(location.href);
  if (!address.searchParams.has("redriven")) return;
  toast("Redriven: it goes on where it failed.");
  address.searchParams.delete("redriven");
  history.replaceState(null, "", address);
}

/** What runs again, and whether it can, the server knows once the run is over. */
async function offerRedrive(): Promise<void> {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer === null || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const slot = page.getElementById("redrive-slot");
  if (slot !== null) document.getElementById("redrive-slot")?.replaceWith(slot);
}

start();
