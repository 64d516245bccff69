/**
 * The log of a workflow, live. The server says that there is news; the page is asked for again, once a second
 * at most, and the records that are not here yet come in above the others. What is open stays open, where
 * somebody reads stays in place, and Pause holds it still.
 */
import { follow } from "./live/again";

const most = 1000;

/** Puts the records of a fresh page that the page does not have above its own; answers how many came. */
export function merge(page: Document, fresh: Document): number {
  const list = page.getElementById("records");
  const theirs = fresh.getElementById("records");
  if (list === null || theirs === null) return 0;
  const known = new Set([...list.children].map((x) => (x as HTMLElement).dataset.record));
  const news = [...theirs.children].filter((x) => !known.has((x as HTMLElement).dataset.record));
  for (const x of news) x.classList.add("record-new");
  list.prepend(...news);
  while (list.children.length > most) list.lastElementChild?.remove();
  return news.length;
}

function show(path: string): void {
  const button = document.getElementById("logs-pause");
  const status = document.getElementById("logs-news");
  let paused = false;
  const following = follow(path, (fresh) => {
    if (document.getElementById("records") === null && fresh.getElementById("records") !== null) {
      location.reload(); // the first records: the page has another shape now
      return false;
    }
    const n = merge(document, fresh);
    if (n > 0 && status !== null) status.textContent = n === 1 ? "1 new record" : `${n} new records`;
    return true;
  });
  button?.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    following.hold(paused);
  });
}

/** A filter is chosen without a press on Search. */
function choose(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>(".logs-choices select")) {
    select.addEventListener("change", () => select.form?.requestSubmit());
  }
}

const path = document.querySelector<HTMLElement>(".logs")?.dataset.live ?? "";
if (path !== "") show(path);
choose();
