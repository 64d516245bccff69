/** Small hands for making elements: no markup strings, so nothing needs escaping. */

export type Child = Node | string | null;

/** An element with attributes and children; `on…` is not among them, listeners are added in the open. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attrs: Record<string, string | boolean | null> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) {
    if (v === true) el.setAttribute(k, "");
    else if (v !== false && v !== null) el.setAttribute(k, v);
  }
  for (const c of children) if (c !== null) el.append(c);
  return el;
}

/** An icon of the sprite, beside words. */
export function icon(name: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const el = document.createElementNS(space, "svg");
  el.setAttribute("class", "icon");
  el.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons ?? "/static/icons.svg"}#${name}`);
  el.append(use);
  return el;
}

/** A status as a coloured word. */
export function badge(tone: string, name: string, words: string): HTMLElement {
  return h("span", { class: `badge badge-${tone}` }, icon(name), words);
}
