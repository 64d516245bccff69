/**
 * The inbox, quicker: keys, and a list that stays true. Without it everything works by links and forms. What
 * somebody typed is never touched.
 */
import { typing } from "./canvas/gestures";
import { h, icon } from "./live/dom";

const offKey = "inbox-keys";

/** Rows of the list, top to bottom. */
function rows(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("#tasks a.inbox-row")];
}

function current(): number {
  const list = rows();
  const held = document.activeElement;
  const focused = held instanceof HTMLAnchorElement ? list.indexOf(held) : -1;
  return focused >= 0 ? focused : list.findIndex((r) => r.getAttribute("aria-current") === "true");
}

function move(by: number): void {
  const list = rows();
  const at = current();
  const to = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

/** The button of an outcome: by its name, or by its colour. */
function outcome(name: string, kind: string): HTMLButtonElement | null {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("#decide button[name=outcome]")];
  return buttons.find((b) => b.value.toLowerCase() === name) ?? buttons.find((b) => b.classList.contains(kind)) ?? null;
}

function key(e: KeyboardEvent): void {
  if (
    e.ctrlKey ||
    e.metaKey ||
    e.altKey ||
    e.defaultPrevented ||
    typing(e.target) ||
    document.querySelector("dialog[open]") !== null
  )
    return;
  if (off()) return;
  switch (e.key) {
    case "j":
      move(1);
      break;
    case "k":
      move(-1);
      break;
    case "a":
      press(outcome("approve", "btn-approve"));
      break;
    case "r":
      press(outcome("reject", "btn-danger"));
      break;
    case "c":
      document.getElementById("comment")?.focus();
      break;
    default:
      return;
  }
  e.preventDefault();
}

/** As if clicked: the form goes with this button's outcome. Fields that need words get them first. */
function press(button: HTMLButtonElement | null): void {
  const form = button?.form;
  if (button == null || form == null || button.disabled) return;
  const missing = form.querySelector<HTMLElement>("[required]:invalid");
  if (missing !== null) {
    missing.focus();
    return;
  }
  form.requestSubmit(button);
}

function off(): boolean {
  try {
    return localStorage.getItem(offKey) === "off";
  } catch {
    return false;
  }
}

/** A switch beside the list of keys: single letters can be turned off. */
function keySwitch(): void {
  const line = document.getElementById("inbox-keys");
  if (line === null) return;
  const button = h("button", { type: "button", class: "inbox-keys-switch" });
  const show = (): void => {
    button.textContent = off() ? "Turn keys on" : "Turn keys off";
    line.classList.toggle("keys-off", off());
  };
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(offKey, off() ? "on" : "off");
    } catch {
      return;
    }
    show();
  });
  line.append(" ", button);
  show();
}

/** The list as the server has it now, put into the page without moving focus. */
class List {
  private known = "";
  private busy = false;
  private again = false;
  private first = true;

  constructor() {
    document.addEventListener("inbox", (e) => {
      if (!(e instanceof CustomEvent)) return;
      // The first frame tells what the page says already.
      if (this.first) {
        this.first = false;
        this.known = rows()
          .map((r) => r.dataset.task)
          .join();
        const shown = Number(document.querySelector(".inbox-view[aria-current] .num")?.textContent ?? "0");
        const detail: unknown = e.detail;
        if (typeof detail === "object" && detail !== null && "open" in detail && detail.open === shown) return;
      }
      void this.refresh();
    });
    document.addEventListener("inbox-link", (e) => {
      if (e instanceof CustomEvent) link(String(e.detail));
    });
  }

  async refresh(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      // After a refused decision the address is that of the form; the task's page stands above it.
      const href = location.pathname.replace(/\/decide$/, "") + location.search;
      const answer = await fetch(href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.show(page);
    } catch {
      // The socket tells again when the server is back.
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      await this.refresh();
    }
  }

  private show(page: Document): void {
    for (const id of [".inbox-views", "#inbox-need"]) {
      const now = document.querySelector(id);
      const next = page.querySelector(id);
      if (now !== null && next !== null && now.innerHTML !== next.innerHTML && !now.contains(document.activeElement))
        now.replaceWith(document.adoptNode(next));
      else if (now instanceof HTMLElement && next instanceof HTMLElement) now.hidden = next.hidden;
    }
    this.list(page);
    greyed(page);
  }

  private list(page: Document): void {
    const now = document.querySelector("#tasks");
    const next = page.querySelector("#tasks");
    if (now === null || next === null || now.innerHTML === next.innerHTML) return;
    const held =
      document.activeElement instanceof HTMLElement && now.contains(document.activeElement)
        ? document.activeElement.dataset.task
        : undefined;
    const at = current();
    const before = new Set(rows().map((r) => r.dataset.task));
    const scroll = now.scrollTop;
    now.replaceChildren(...[...next.childNodes].map((n) => document.adoptNode(n)));
    now.scrollTop = scroll;
    keySwitch();
    for (const row of rows())
      if (!before.has(row.dataset.task) && this.known !== "") row.classList.add("inbox-row-new");
    this.known = rows()
      .map((r) => r.dataset.task)
      .join();
    if (held === undefined) return;
    const list = rows();
    (list.find((r) => r.dataset.task === held) ?? list[Math.min(at, list.length - 1)])?.focus({ preventScroll: true });
  }
}

/** The open task was decided elsewhere: buttons turn grey, words typed stay, and the page says who was first. */
function greyed(page: Document): void {
  const task = document.querySelector<HTMLElement>(".task[data-open]");
  if (task === null) return;
  const next = [...page.querySelectorAll<HTMLElement>(".task")].find((t) => t.dataset.task === task.dataset.task);
  if (next === undefined || next.dataset.open !== undefined) return;
  task.removeAttribute("data-open");
  task.classList.add("task-gone");
  for (const b of task.querySelectorAll<HTMLButtonElement>("#decide button")) b.disabled = true;
  const decided = next.querySelector("#decided");
  const note = h(
    "div",
    { class: "banner banner-caught task-elsewhere", role: "alert" },
    icon("triangle-alert"),
    h(
      "div",
      {},
      h(
        "p",
        { class: "strong" },
        decided === null ? "Nobody has to decide this any more." : "Somebody else was quicker.",
      ),
      decided === null ? null : h("p", {}, words(decided)),
      h("p", {}, "What you typed is still here, so that you can copy it."),
    ),
  );
  task.querySelector(".task-decide")?.before(note);
}

function words(el: Element): string {
  const parts = [...el.children].map((c) => (c.textContent ?? "").replace(/\s+/g, " ").trim());
  return parts.join(" ").replaceAll(" ,", ",");
}

function link(state: string): void {
  const el = document.getElementById("live");
  if (el === null) return;
  const live = state === "live";
  el.replaceChildren(
    h("span", {}, live ? "live" : "reconnecting"),
    h("span", { class: `dot tone-${live ? "succeeded" : "caught"}` }),
  );
}

/** A double press sends one decision. */
function once(): void {
  document.getElementById("decide")?.addEventListener("submit", (e) => {
    const form = e.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.dataset.sent !== undefined) e.preventDefault();
    form.dataset.sent = "";
  });
  addEventListener("pageshow", () => delete document.getElementById("decide")?.dataset.sent);
}

document.addEventListener("keydown", key);
keySwitch();
once();
new List();
