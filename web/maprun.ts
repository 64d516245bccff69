/**
 * A map run, live. The server says that something changed; the page is asked for again, once a second at most,
 * and its live parts take the place of the old ones. The form and what somebody typed stay.
 */
import { connect, liveUrl } from "./live/socket";

const pause = 1000;

/** Replaces what differs, and gives the focus back to the link or button that had it. */
export function renew(page: Document, fresh: Document): boolean {
  for (const part of fresh.querySelectorAll<HTMLElement>("[data-live]")) {
    const old = page.getElementById(part.id);
    if (old === null || old.innerHTML === part.innerHTML) continue;
    const held = page.activeElement;
    const again =
      held instanceof HTMLElement && old.contains(held)
        ? [...old.querySelectorAll<HTMLElement>("a, button")].indexOf(held)
        : -1;
    old.replaceChildren(...part.childNodes);
    if (again >= 0) old.querySelectorAll<HTMLElement>("a, button")[again]?.focus();
  }
  return fresh.querySelector<HTMLElement>("[data-changes]")?.dataset.changes !== "";
}

function follow(path: string): void {
  let asked = false;
  let stale = false;
  const ask = async (): Promise<void> => {
    if (asked) {
      stale = true;
      return;
    }
    asked = true;
    stale = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!renew(document, fresh)) {
          close();
          document.getElementById("map-run-limits")?.closest("section")?.remove();
          return;
        }
      }
    } catch {
      // the socket comes back when the server does, and says so
    }
    setTimeout(() => {
      asked = false;
      if (stale) void ask();
    }, pause);
  };
  const close = connect({
    url: () => liveUrl(path),
    frame: () => {
      void ask();
      return false;
    },
    link: () => undefined,
  });
}

const path = document.querySelector<HTMLElement>("[data-changes]")?.dataset.changes ?? "";
if (path !== "") follow(path);
