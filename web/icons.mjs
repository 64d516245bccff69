// Writes static/icons.svg: the Lucide outlines that the pages and the canvas use, as one sprite.
// Run it with `node web/icons.mjs` after adding a name below.
import { readFileSync, writeFileSync } from "node:fs";

const names = `
arrow-down arrow-left arrow-right arrow-up ban braces calendar check chevron-down chevron-left chevron-right
chevron-up chevrons-left chevrons-up-down circle circle-alert circle-check circle-dashed circle-dot circle-pause circle-play
circle-stop circle-x clipboard clipboard-paste clock cloud-off code columns-2 copy corner-down-right database
download ellipsis ellipsis-vertical external-link eye file-code-2 flag git-branch git-fork globe grip-vertical
hand history hourglass inbox info key-round keyboard layers lightbulb link list list-tree loader locate-fixed map maximize
message-square minus monitor moon panel-bottom panel-left panel-right pencil play plus redo-2 refresh-cw repeat
rocket rotate-cw save scissors search settings shield-alert shield-check shopping-bag split square square-function sun sun-moon
text-cursor-input timer trash-2 triangle-alert undo-2 unplug upload user users wand-sparkles wifi-off workflow
wrap-text x zap zoom-in zoom-out
`
  .trim()
  .split(/\s+/);

/** Other names that people know the same outline by. */
const aliases = { "function-square": "square-function", columns: "columns-2" };

const folder = new URL("../node_modules/lucide-static/", import.meta.url);

function outline(name) {
  const text = readFileSync(new URL(`icons/${name}.svg`, folder), "utf8");
  return text
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace("</svg>", "")
    .replace(/\s*\n\s*/g, "");
}

// Ways part downwards in our pictures, so the fork of this outline points down, wherever it stands.
const turned = new Set(["split"]);
const drawn = (name) => (turned.has(name) ? `<g transform="rotate(180 12 12)">${outline(name)}</g>` : outline(name));

const symbol = (id, body) =>
  `<symbol id="${id}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;

// The mark of the house: a roof, a floor, and one door where a decision passes.
const mark = '<path d="M4 10.5 12 4l8 6.5V20H4z"/><path d="M9 20v-5a3 3 0 0 1 6 0v5"/>';

const lines = [
  '<svg xmlns="http://www.w3.org/2000/svg">',
  '<!-- Lucide icons, ISC licence: see icons/LICENSE-lucide.txt. The symbol "statehouse" is ours. -->',
  symbol("statehouse", mark),
  ...names.map((n) => symbol(n, drawn(n))),
  ...Object.entries(aliases).map(([id, n]) => symbol(id, drawn(n))),
  "</svg>",
  "",
];
writeFileSync(new URL("../static/icons.svg", import.meta.url), lines.join("\n"));
