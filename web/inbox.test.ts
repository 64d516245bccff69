// @vitest-environment jsdom
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

const page = (rows: string, task: string): string => `
  <nav class="inbox-views"><a class="inbox-view" aria-current="true">Needs you <span class="num">2</span></a></nav>
  <p id="live"></p>
  <div id="tasks"><ul>${rows}</ul><p id="inbox-keys">J K</p></div>${task}`;
const row = (id: string, more = ""): string =>
  `<li><a class="inbox-row" href="/inbox/${id}" data-task="${id}" ${more}>Task ${id}</a></li>`;
const task = `<div class="task" data-task="1" data-open><form id="decide">
  <input name="code" required><textarea id="comment"></textarea>
  <div class="task-decide"><button name="outcome" value="Approve">Approve</button><button name="outcome" value="Reject">Reject</button></div>
  </form></div>`;

const press = (key: string): boolean =>
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  );
const focused = (): string | undefined => (document.activeElement as HTMLElement | null)?.dataset.task;

/** The server's page as it is now, fetched when the badge moves. */
async function serverSays(html: string, open: number): Promise<void> {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(html)));
  document.dispatchEvent(new CustomEvent("inbox", { detail: { type: "inbox", open, overdue: 0 } }));
  await vi.waitFor(() => expect(document.querySelector("#tasks")?.textContent).toContain("Task 3"), 20_000);
}

describe("inbox", () => {
  beforeAll(async () => {
    Element.prototype.scrollIntoView = () => {};
    document.body.innerHTML = page(row("1", 'aria-current="true"') + row("2"), task);
    await import("./inbox");
  });
  beforeEach(() => {
    document.body.innerHTML = page(row("1", 'aria-current="true"') + row("2"), task);
    localStorage.clear();
  });
  afterEach(() => vi.unstubAllGlobals());

  it("moves with j and k, and stops at the ends", () => {
    press("j");
    expect(focused()).toBe("2");
    press("j");
    expect(focused()).toBe("2");
    press("k");
    expect(focused()).toBe("1");
  });

  it("approves and rejects, but first goes to the field that is missing", () => {
    const sent: unknown[] = [];
    const form = document.querySelector<HTMLFormElement>("#decide");
    if (form === null) throw new Error("no form");
    form.requestSubmit = (b) => sent.push((b as HTMLButtonElement).value);
    press("a");
    expect(sent).toEqual([]);
    const field = document.querySelector<HTMLInputElement>("[name=code]");
    expect(document.activeElement).toBe(field);
    press("r");
    expect(sent).toEqual([]);
    if (field !== null) field.value = "GOT-441";
    field?.blur();
    press("a");
    press("r");
    expect(sent).toEqual(["Approve", "Reject"]);
  });

  it("leaves letters to fields, and can be turned off", () => {
    document.querySelector<HTMLElement>("#comment")?.focus();
    press("j");
    expect(document.activeElement?.id).toBe("comment");
    document.querySelector<HTMLElement>("#comment")?.blur();
    localStorage.setItem("inbox-keys", "off");
    press("j");
    expect(focused()).toBeUndefined();
  });

  it("takes in new tasks without losing focus or words", async () => {
    document.querySelectorAll<HTMLElement>("a.inbox-row")[1]?.focus();
    const comment = document.querySelector<HTMLTextAreaElement>("#comment");
    if (comment !== null) comment.value = "half a sentence";
    await serverSays(page(row("3") + row("1") + row("2"), task), 3);
    expect(focused()).toBe("2");
    expect(document.querySelector<HTMLTextAreaElement>("#comment")?.value).toBe("half a sentence");
  });

  it("turns grey what somebody else decided, and keeps what was typed", async () => {
    const comment = document.querySelector<HTMLTextAreaElement>("#comment");
    if (comment !== null) comment.value = "mine";
    const decided =
      '<div class="task" data-task="1"><p id="decided"><span>Approve</span> <span>by owner, today</span></p></div>';
    await serverSays(page(row("3"), decided), 1);
    expect([...document.querySelectorAll<HTMLButtonElement>("#decide button")].map((b) => b.disabled)).toEqual([
      true,
      true,
    ]);
    expect(document.querySelector("[role=alert]")?.textContent).toContain("Approve by owner, today");
    expect(document.querySelector<HTMLTextAreaElement>("#comment")?.value).toBe("mine");
  });
});
