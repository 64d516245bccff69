// A menu that opens at a place: arrows walk, Enter chooses, Escape leaves.
import { h, icon, kbd } from "./dom";

export type MenuItem =
  | { label: string; icon: string; keys?: string; run(): void; danger?: boolean; why?: string | null }
  | { label: string; icon: string; more: () => MenuItem[]; title: string }
  | "line";

let current: HTMLElement | null = null;

function closeMenu(): void {
  const menu = current;
  current = null;
  if (menu?.matches(":popover-open")) menu.hidePopover();
  menu?.remove();
}

export function openMenu(
  label: string,
  items: readonly MenuItem[],
  at: { x: number; y: number },
  cancel: () => void,
): void {
  closeMenu();
  const menu = h("div", { class: "menu at-menu scroll", role: "menu", "aria-label": label, popover: "manual" });
  for (const item of items) {
    if (item === "line") {
      menu.append(h("hr", { class: "menu-sep", role: "separator" }));
      continue;
    }
    const why = "why" in item ? (item.why ?? null) : null;
    const button = h(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: -1,
        class: `menu-item${"danger" in item && item.danger ? " menu-item-danger" : ""}`,
        "aria-disabled": why === null ? null : "true",
        title: why,
        "aria-haspopup": "more" in item ? "menu" : null,
      },
      icon(item.icon),
      item.label,
      "keys" in item && item.keys
        ? h("span", { class: "menu-keys", "aria-hidden": "true" }, ...kbd(...item.keys.split(" ")))
        : null,
      "more" in item ? icon("chevron-right", "s") : null,
    );
    button.addEventListener("click", () => {
      if (why !== null) return;
      if ("more" in item) {
        openMenu(item.title, item.more(), at, cancel);
        return;
      }
      closeMenu();
      item.run();
    });
    menu.append(button);
  }
  (document.querySelector("main") ?? document.body).append(menu);
  current = menu;
  menu.showPopover();
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.x, window.innerWidth - box.width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.y, window.innerHeight - box.height - 8))}px`;
  const buttons = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
  buttons[0]?.focus();
  menu.addEventListener("keydown", (e) => {
    const i = buttons.indexOf(document.activeElement as HTMLElement);
    const letter = e.key.length === 1 && !e.ctrlKey && !e.metaKey ? e.key.toLowerCase() : "";
    e.stopPropagation();
    if (e.key === "ArrowDown") buttons[(i + 1) % buttons.length]?.focus();
    else if (e.key === "ArrowUp") buttons[(i - 1 + buttons.length) % buttons.length]?.focus();
    else if (e.key === "Home") buttons[0]?.focus();
    else if (e.key === "End") buttons.at(-1)?.focus();
    else if (e.key === "Escape" || e.key === "Tab") {
      closeMenu();
      cancel();
    } else if (letter !== "" && letter !== " ") {
      const order = [...buttons.slice(i + 1), ...buttons.slice(0, i + 1)];
      order.find((b) => b.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
    } else return;
    e.preventDefault();
  });
  menu.addEventListener("focusout", (e) => {
    const to = e.relatedTarget;
    if (current === menu && !(to instanceof Node && menu.contains(to))) closeMenu();
  });
}

// A press anywhere else closes the menu. Not popover="auto": that one would also
// close on the release of the very press that opened it.
document.addEventListener(
  "pointerdown",
  (e) => {
    if (current && !(e.target instanceof Node && current.contains(e.target))) closeMenu();
  },
  { capture: true },
);
