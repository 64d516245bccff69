/** The small bar that says how large the picture is, and changes it. */
import { icon } from "./svg";

export interface ZoomBar {
  el: HTMLElement;
  show(zoom: number): void;
}

export function zoomBar(on: { out: () => void; in: () => void; fit: () => void }): ZoomBar {
  const el = document.createElement("div");
  el.className = "canvas-zoom";
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", "Zoom");
  const level = document.createElement("output");
  level.className = "canvas-level";
  level.setAttribute("aria-label", "Zoom level");
  el.append(
    button("Zoom out", "minus", on.out),
    level,
    button("Zoom in", "plus", on.in),
    button("Fit the picture", "maximize", on.fit),
  );
  return {
    el,
    show(zoom) {
      const words = `${Math.round(zoom * 100)} %`;
      if (level.textContent !== words) level.textContent = words;
    },
  };
}

function button(label: string, name: string, fn: () => void): HTMLButtonElement {
  const el = document.createElement("button");
  el.type = "button";
  el.className = "canvas-button";
  el.title = label;
  el.setAttribute("aria-label", label);
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.append(icon(name, 0, 0, 24));
  el.append(picture);
  el.addEventListener("click", fn);
  return el;
}
