/**
 * A map run, live. The server says that something changed; the page is asked for again, once a second at most,
 * and its live parts take the place of the old ones. The form and what somebody typed stay.
 */
import { follow } from "./live/again";

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

const path = document.querySelector<HTMLElement>("[data-changes]")?.dataset.changes ?? "";
if (path !== "")
  follow(path, (fresh) => {
    const more = renew(document, fresh);
    if (!more) document.getElementById("map-run-limits")?.closest("section")?.remove();
    return more;
  });
