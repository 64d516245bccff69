// The keyboard of the designer. Single keys work while the canvas has the focus
// and can be switched off; the others work wherever no text is being typed.

import type { Canvas } from "../canvas/canvas";
import { isTyping } from "../panels/dom";
import type { Session } from "../panels/session";
import { showShortcuts, singleKeysOn } from "../panels/shortcuts";
import type { Commands } from "./commands";
import type { Mover } from "./mover";
import type { Pointer } from "./pointer";

export interface KeyParts {
  session: Session;
  canvas: Canvas;
  commands: Commands;
  mover: Mover;
  pointer: Pointer;
  undo(): void;
  redo(): void;
  editName(): void;
  testState(): void;
  search(): void;
  toggleCode(): void;
  nextProblem(step: 1 | -1): void;
  save(): void;
}

export function listenToKeys(parts: KeyParts): void {
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.isComposing || document.querySelector("dialog[open]")) return;
    if (key(parts, e)) e.preventDefault();
  });
  // Move mode takes the arrows before the outline does.
  parts.canvas.el.addEventListener(
    "keydown",
    (e) => {
      const off = !singleKeysOn() && /^[0+=-]$/.test(e.key) && !e.ctrlKey && !e.metaKey;
      const taken = parts.mover.active && parts.mover.key(e);
      if (off || taken) e.stopPropagation();
      if (taken) e.preventDefault();
    },
    { capture: true },
  );
  parts.canvas.el.addEventListener("focusout", (e) => {
    if (parts.mover.active && !(e.relatedTarget instanceof Node && parts.canvas.el.contains(e.relatedTarget)))
      parts.mover.stop();
  });
  listenToClipboard(parts);
}

function key(parts: KeyParts, e: KeyboardEvent): boolean {
  if (e.key === "Escape" && parts.pointer.busy) {
    parts.pointer.cancel();
    return true;
  }
  const typing = isTyping(e);
  if (e.ctrlKey || e.metaKey) return withControl(parts, e, typing);
  if (e.altKey) return false;
  if (e.key === "F8") {
    parts.nextProblem(e.shiftKey ? -1 : 1);
    return true;
  }
  if (typing) return false;
  const { session, commands } = parts;
  const chosen = session.selected !== null;
  const onCanvas = parts.canvas.el.contains(document.activeElement) || document.activeElement === document.body;
  if (onCanvas && chosen && named(parts, e)) return true;
  if (!singleKeysOn()) return false;
  if (e.key === "?") {
    showShortcuts();
    return true;
  }
  if (e.key === "/") {
    parts.search();
    return true;
  }
  if (!onCanvas) return false;
  switch (e.key) {
    case "a":
      commands.pickAfter();
      return true;
    case "A":
      commands.pickBefore();
      return true;
    case "e":
      parts.toggleCode();
      return true;
    case "w":
      if (chosen) commands.wrapMenu();
      return chosen;
    case "c":
      if (chosen) commands.connectMenu();
      return chosen;
    case "t":
      if (chosen) parts.testState();
      return chosen;
    case "m":
      if (session.selected !== null) parts.mover.start(session.selected);
      return chosen;
    default:
      return false;
  }
}

/** Keys that have a name: they do not count as single characters. */
function named(parts: KeyParts, e: KeyboardEvent): boolean {
  switch (e.key) {
    case "F2":
      parts.editName();
      return true;
    case "Delete":
    case "Backspace":
      parts.commands.remove();
      return true;
    case "ContextMenu":
      parts.commands.stateMenu();
      return true;
    case "F10":
      if (e.shiftKey) parts.commands.stateMenu();
      return e.shiftKey;
    case "Escape":
      parts.session.select(null, "edit");
      return true;
    default:
      return false;
  }
}

function withControl(parts: KeyParts, e: KeyboardEvent, typing: boolean): boolean {
  switch (e.key.toLowerCase()) {
    case "z":
      if (keepsOwnUndo(e)) return false;
      if (e.shiftKey) parts.redo();
      else parts.undo();
      return true;
    case "y":
      if (keepsOwnUndo(e)) return false;
      parts.redo();
      return true;
    case "k":
      parts.search();
      return true;
    case "s":
      parts.save();
      return true;
    case "d":
      if (typing || parts.session.selected === null) return false;
      parts.commands.duplicate();
      return true;
    default:
      return false;
  }
}

/** Fields whose text is not in the document yet: the name before Enter, a search. */
function keepsOwnUndo(e: Event): boolean {
  const el = e.composedPath()[0];
  return (
    el instanceof HTMLInputElement &&
    (el.type === "search" ||
      el.classList.contains("inspect-name") ||
      el.classList.contains("words-input") ||
      el.getAttribute("role") === "combobox")
  );
}

/** The system's clipboard, by its own events: no permission is asked for. */
function listenToClipboard(parts: KeyParts): void {
  const ours = (e: Event): boolean =>
    !isTyping(e) && !document.querySelector("dialog[open]") && (getSelection()?.isCollapsed ?? true);
  document.addEventListener("copy", (e) => {
    const text = ours(e) ? parts.commands.copyText() : null;
    if (text === null) return;
    e.clipboardData?.setData("text/plain", text);
    e.preventDefault();
    parts.canvas.announce(`${parts.session.selected} copied.`);
  });
  document.addEventListener("cut", (e) => {
    const text = ours(e) ? parts.commands.copyText() : null;
    if (text === null) return;
    e.clipboardData?.setData("text/plain", text);
    e.preventDefault();
    parts.commands.remove();
  });
  document.addEventListener("paste", (e) => {
    const text = ours(e) ? (e.clipboardData?.getData("text/plain") ?? "") : "";
    if (text.trim() === "") return;
    e.preventDefault();
    parts.commands.paste(text);
  });
}
