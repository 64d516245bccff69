/** The table of events: rows are added as events come. */
import { h } from "./dom";
import type { HistoryEvent } from "./events";
import type { Run } from "./run";
import { clock, plural } from "./words";

/** Rows in the page at most; more are on the server. */
const most = 2000;

export class EventTable {
  private last: number;
  private rows: number;

  constructor(private readonly body: HTMLElement) {
    const ids = [...body.querySelectorAll<HTMLElement>("tr[data-id]")].map((r) => Number(r.dataset.id));
    this.last = Math.max(0, ...ids);
    this.rows = ids.length;
  }

  add(events: readonly HistoryEvent[], run: Run): void {
    const fresh = events.filter((e) => e.id > this.last);
    if (fresh.length === 0) return;
    const part = document.createDocumentFragment();
    for (const e of fresh) {
      this.last = Math.max(this.last, e.id);
      if (this.rows++ < most) part.append(this.row(e, run));
    }
    this.body.append(part);
  }

  private row(e: HistoryEvent, run: Run): HTMLTableRowElement {
    const visit = run.visits.get(run.scopes.get(e.id) ?? 0);
    const name = e.name ?? visit?.name ?? "";
    return h(
      "tr",
      { "data-id": String(e.id), class: e.type === "ExecutionRedriven" ? "event-redriven" : null },
      h("td", { class: "mono muted" }, String(e.id)),
      h(
        "td",
        { class: "mono" },
        h("time", { datetime: new Date(e.at).toISOString() }, clock(run.startedAt ?? e.at, e.at)),
      ),
      h("td", {}, e.type),
      h("td", {}, e.type.startsWith("Execution") ? "" : name),
      h("td", { class: "events-detail" }, eventWords(e)),
    );
  }
}

/** What an event tells in one line. */
function eventWords(e: HistoryEvent): string {
  if (e.type === "ExecutionRedriven") return "What is below came after the redrive.";
  if (e.error !== null && e.cause !== null && e.cause !== "") return `${e.error}: ${e.cause.slice(0, 160)}`;
  if (e.error !== null) return e.error;
  if (e.resource !== null) return e.resourceType === null ? e.resource : `${e.resourceType}:${e.resource}`;
  if (e.index !== null && e.type.startsWith("MapIteration")) return `item ${e.index}`;
  return e.length === null ? "" : plural(e.length, "item");
}
