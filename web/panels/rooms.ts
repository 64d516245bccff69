// Which panels are open, how wide they are, and what fits beside each other.
import { iconButton } from "./dom";

type Room = "palette" | "code" | "inspector";

interface Kept {
  palette: boolean;
  code: boolean;
  inspector: boolean;
  codeWidth: number;
}

const key = "statehouse.rooms";
/** Below, one panel at a time lies over the picture. */
const narrow = 820;
/** Below, the code takes the place of the other two while it is open. From here on the code shares the side with the inspector, one above the other. */
const shared = 1000;
/** From here on each has a column of its own. */
const wide = 1700;

export class Rooms {
  #kept: Kept = { palette: true, code: true, inspector: true, codeWidth: 380 };
  #body: HTMLElement;
  #handle: HTMLElement;

  constructor(
    readonly panels: Record<Room, HTMLElement>,
    readonly toggles: Partial<Record<Room, HTMLElement>>,
    readonly changed: (room: Room, open: boolean) => void,
    /** The width that is left for the picture changed by so much. */
    readonly resized: (by: number) => void,
  ) {
    this.#body = panels.code.parentElement!;
    if (window.innerWidth < shared) this.#kept = { ...this.#kept, palette: false, code: false };
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
      if (typeof kept === "object" && kept !== null) this.#kept = { ...this.#kept, ...(kept as Partial<Kept>) };
    } catch {
      // The panels stand as they do for a newcomer.
    }
    if (this.isNarrow) this.#kept = { ...this.#kept, palette: false, code: false, inspector: false };
    this.#handle = this.#makeHandle();
    panels.code.append(this.#handle);
    for (const [room, button] of Object.entries(toggles))
      button?.addEventListener("click", () => this.toggle(room as Room));
    this.#apply();
    if (this.#kept.code) changed("code", true);
    window.addEventListener("resize", () => this.#apply());
  }

  get isNarrow(): boolean {
    return window.innerWidth < narrow;
  }

  /** Whether a panel is seen: it is open, and no other has taken its place. */
  isOpen(room: Room): boolean {
    return this.#kept[room] && (room === "code" || !this.#kept.code || window.innerWidth >= shared);
  }

  toggle(room: Room): void {
    this.set(room, !this.isOpen(room));
  }

  set(room: Room, open: boolean): void {
    if (this.isOpen(room) === open) return;
    this.#kept[room] = open;
    if (open && this.isNarrow)
      for (const other of ["palette", "code", "inspector"] as const) if (other !== room) this.#kept[other] = false;
    if (open && room !== "code" && window.innerWidth < shared) this.#kept.code = false;
    this.#apply();
    this.#keep();
    this.changed(room, open);
  }

  #apply(): void {
    const stage = this.#body.querySelector(".designer-stage");
    const before = stage?.getBoundingClientRect().width ?? 0;
    this.#show();
    const after = stage?.getBoundingClientRect().width ?? 0;
    if (after !== before) this.resized(after - before);
  }

  #show(): void {
    for (const room of ["palette", "code", "inspector"] as const) {
      this.panels[room].hidden = !this.isOpen(room);
      this.toggles[room]?.setAttribute("aria-pressed", String(this.isOpen(room)));
    }
    const together = this.isOpen("code") && this.isOpen("inspector") && window.innerWidth < wide;
    this.#body.classList.toggle("side-shared", together);
    this.#width(this.#kept.codeWidth);
  }

  #width(px: number): void {
    const most = Math.max(280, Math.min(900, window.innerWidth - 420));
    this.#kept.codeWidth = Math.round(Math.min(most, Math.max(280, px)));
    this.#body.style.setProperty("--code-width", `${this.#kept.codeWidth}px`);
    this.#handle?.setAttribute("aria-valuenow", String(this.#kept.codeWidth));
    this.#handle?.setAttribute("aria-valuemax", String(most));
  }

  #makeHandle(): HTMLElement {
    const handle = document.createElement("div");
    handle.className = "code-handle";
    handle.tabIndex = 0;
    for (const [name, value] of Object.entries({
      role: "separator",
      "aria-orientation": "vertical",
      "aria-label": "Width of the code",
      "aria-valuemin": "280",
      "aria-controls": "code",
    }))
      handle.setAttribute(name, value);
    handle.addEventListener("keydown", (e) => {
      const step = e.key === "ArrowLeft" ? 24 : e.key === "ArrowRight" ? -24 : 0;
      if (step === 0) return;
      e.preventDefault();
      this.#width(this.#kept.codeWidth + step);
      this.#keep();
    });
    handle.addEventListener("pointerdown", (e) => {
      e.preventDefault();
      handle.setPointerCapture(e.pointerId);
      const right = this.panels.code.getBoundingClientRect().right;
      const move = (m: PointerEvent): void => this.#width(right - m.clientX);
      handle.addEventListener("pointermove", move);
      handle.addEventListener(
        "lostpointercapture",
        () => {
          handle.removeEventListener("pointermove", move);
          this.#keep();
        },
        { once: true },
      );
    });
    return handle;
  }

  #keep(): void {
    if (this.isNarrow) return;
    try {
      localStorage.setItem(key, JSON.stringify(this.#kept));
    } catch {
      // Forgotten at the next visit.
    }
  }
}

/** A button in the bar that shows or hides a panel. */
export function roomButton(room: Room, label: string, name: string): HTMLButtonElement {
  return iconButton(name, label, () => undefined, {
    class: "room-button",
    "aria-pressed": "false",
    "aria-controls": room,
  });
}
