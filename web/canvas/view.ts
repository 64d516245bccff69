/** The viewport: which part of the picture is seen, and how large. Pure numbers. */
import type { Box, Point } from "../geom/types";

export interface View {
  /** Where the picture's origin stands in the host, in CSS pixels. */
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  w: number;
  h: number;
}

const minZoom = 0.04;
const maxZoom = 2;

/** Zooms by `factor`, keeping the host's point `at` where it is. */
export function zoomAt(view: View, factor: number, at: Point): View {
  const zoom = Math.min(maxZoom, Math.max(minZoom, view.zoom * factor));
  const k = zoom / view.zoom;
  return { x: at.x - (at.x - view.x) * k, y: at.y - (at.y - view.y) * k, zoom };
}

/** The part of the picture that the host shows, `margin` host pixels more on each side. */
export function visible(view: View, host: Size, margin: number): Box {
  return {
    x: (-view.x - margin) / view.zoom,
    y: (-view.y - margin) / view.zoom,
    w: (host.w + 2 * margin) / view.zoom,
    h: (host.h + 2 * margin) / view.zoom,
  };
}

/** All of it, not larger than life. */
export function fitView(picture: Size, host: Size, margin = 28): View {
  const zoom = Math.max(
    minZoom,
    Math.min(1, (host.w - 2 * margin) / Math.max(picture.w, 1), (host.h - 2 * margin) / Math.max(picture.h, 1)),
  );
  return { zoom, x: (host.w - picture.w * zoom) / 2, y: Math.max(margin, (host.h - picture.h * zoom) / 2) };
}

/** The first look: readable, from the top, the Start pill in the middle when not all fits. */
export function firstView(picture: Size, start: Box, host: Size): View {
  const all = fitView(picture, host);
  if (all.zoom >= 0.86) return { ...all, y: 22 };
  const margin = 28;
  const zoom = Math.min(1, Math.max(0.72, (host.w - 2 * margin) / Math.max(picture.w, 1)));
  const fits = picture.w * zoom <= host.w - 2 * margin;
  return { zoom, x: fits ? (host.w - picture.w * zoom) / 2 : host.w / 2 - (start.x + start.w / 2) * zoom, y: 22 };
}

/** Moves as little as needed for `box` to be seen whole, or its top when it is too large. */
export function reveal(view: View, box: Box, host: Size, margin = 40): View {
  const axis = (at: number, size: number, from: number, length: number): number => {
    const lo = at + from * view.zoom;
    const hi = lo + length * view.zoom;
    if (lo < margin || hi - lo > size - 2 * margin) return at + (lo < margin || lo > size / 2 ? margin - lo : 0);
    return hi > size - margin ? at - (hi - size + margin) : at;
  };
  return { zoom: view.zoom, x: axis(view.x, host.w, box.x, box.w), y: axis(view.y, host.h, box.y, box.h) };
}

export function intersects(a: Box, b: Box): boolean {
  return a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;
}
