// Keys of the designer: one table, read by the keyboard and by the list that "?" opens.
import { h, icon, kbd } from "./dom";

export interface Shortcut {
  keys: string[];
  label: string;
  /** One key without Ctrl: can be switched off. */
  single?: boolean;
}

export const shortcuts: readonly Shortcut[] = [
  { keys: ["↑", "↓"], label: "Follow the flow" },
  { keys: ["←", "→"], label: "To the branch beside" },
  { keys: ["Enter"], label: "Open the inspector" },
  { keys: ["A"], label: "Add after the selected step", single: true },
  { keys: ["Shift", "A"], label: "Add before it", single: true },
  { keys: ["M"], label: "Move it: arrows choose a place, Enter puts it there", single: true },
  { keys: ["C"], label: "Connect it to another step", single: true },
  { keys: ["W"], label: "Wrap it in Parallel or Map", single: true },
  { keys: ["F2"], label: "Rename it" },
  { keys: ["T"], label: "Test it; Ctrl Enter there runs the test", single: true },
  { keys: ["Del"], label: "Delete it" },
  { keys: ["Ctrl", "D"], label: "Duplicate it" },
  { keys: ["Ctrl", "C"], label: "Copy it as States Language" },
  { keys: ["Ctrl", "V"], label: "Paste after it" },
  { keys: ["Shift", "F10"], label: "All that can be done with it" },
  { keys: ["Ctrl", "Z"], label: "Undo" },
  { keys: ["Ctrl", "Shift", "Z"], label: "Redo" },
  { keys: ["/"], label: "Find a step to add", single: true },
  { keys: ["Ctrl", "K"], label: "Find a step to add" },
  { keys: ["F8"], label: "Next problem" },
  { keys: ["E"], label: "Code beside the picture", single: true },
  { keys: ["0"], label: "Fit the picture", single: true },
  { keys: ["?"], label: "This list", single: true },
  { keys: ["Esc"], label: "Leave, or cancel a drag" },
];

const key = "statehouse.singleKeys";

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(key) !== "off";
  } catch {
    return true;
  }
}

function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(key, on ? "on" : "off");
  } catch {
    // Not kept; the switch holds for this page.
  }
}

export function showShortcuts(): void {
  const box = h("input", { type: "checkbox" });
  box.checked = singleKeysOn();
  box.addEventListener("change", () => setSingleKeys(box.checked));
  const dialog = h(
    "dialog",
    { class: "dialog dialog-l shortcuts", "aria-labelledby": "shortcuts-title" },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "shortcuts-title", class: "grow" }, "Keys"),
      h(
        "button",
        { type: "button", class: "btn btn-ghost btn-icon", "aria-label": "Close", onclick: () => dialog.close() },
        icon("x"),
      ),
    ),
    h(
      "div",
      { class: "dialog-body" },
      h(
        "dl",
        { class: "shortcut-list" },
        ...shortcuts.flatMap((s) => [h("dt", null, ...kbd(...s.keys)), h("dd", null, s.label)]),
      ),
      h(
        "label",
        { class: "check" },
        box,
        h("span", null, "Keys without Ctrl work on the canvas (A, M, W, / and the like)"),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (e) => {
    if (e.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}
