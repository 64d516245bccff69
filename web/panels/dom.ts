/** Elements without ceremony. No markup is ever made from text: names of states come from strangers. */

type Child = Node | string | null | undefined | false;
type Handler = (event: Event) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Handler>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes | null = null,
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") el.addEventListener(key.replace(/^on/, ""), value);
    else if (key === "value") (el as unknown as HTMLInputElement).value = String(value);
    else el.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) el.append(child);
  }
  return el;
}

const svg = "http://www.w3.org/2000/svg";

/** An icon of the sprite that the page names. */
export function icon(name: string, size: "" | "s" | "l" = ""): SVGSVGElement {
  const el = document.createElementNS(svg, "svg");
  el.setAttribute("class", size ? `icon icon-${size}` : "icon");
  el.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons ?? "/static/icons.svg"}#${name}`);
  el.append(use);
  return el;
}

/** The soft square by which people recognise a type of state. */
export function tile(name: string, tone: string, small = false): HTMLElement {
  return h("span", { class: `tile${small ? " tile-s" : ""} tone-${tone}` }, icon(name));
}

export function kbd(...keys: string[]): HTMLElement[] {
  return keys.map((k) => h("kbd", { class: "kbd" }, k));
}

/** A button with an icon and no words; the label is read aloud and shown as a tooltip. */
export function iconButton(name: string, label: string, onclick: Handler, extra: Attributes = {}): HTMLButtonElement {
  const { class: more, ...rest } = extra;
  return h(
    "button",
    {
      type: "button",
      class: `btn btn-ghost btn-icon btn-s ${more ?? ""}`.trim(),
      "aria-label": label,
      title: label,
      onclick,
      ...rest,
    },
    icon(name),
  );
}

/** Whether keys go to a text field, also inside the code editor's shadow. */
export function isTyping(event: Event): boolean {
  const el = event.composedPath()[0];
  if (!(el instanceof HTMLElement)) return false;
  return el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName);
}

export function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

let last = 0;
/** An id for pairing labels, hints and errors with their control. */
export function freshId(stem: string): string {
  return `${stem}-${++last}`;
}
