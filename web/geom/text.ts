/** Widths of words without a browser: good enough to keep room for them. */

const narrow = new Set([..."iljtfrI.,:;'|!()[] "]);
const wide = new Set([..."mwMW@%—…"]);

/** Estimated width in pixels of `text` at `size` (Inter). Rather too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const c of text) {
    if (narrow.has(c)) em += 0.34;
    else if (wide.has(c)) em += 0.92;
    else if (c >= "A" && c <= "Z") em += 0.7;
    else if (c > "\u2e80") em += 1;
    else em += 0.6;
  }
  return Math.ceil(em * size);
}

/** Width that a label on an edge takes, with the ground's colour behind it. */
export function labelWidth(text: string): number {
  return text === "" ? 0 : textWidth(text, 12) + 12;
}
