import { describe, expect, it } from "vitest";
import { placeHelp } from "./suggest";

const box = (left: number, top: number, width: number, height: number) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const help = box(0, 0, 260, 36);

describe("the line of help beside what can be typed", () => {
  it("stands beside its option where there is room, on either side", () => {
    const space = box(0, 0, 1440, 900);
    expect(placeHelp(box(600, 100, 300, 150), box(600, 126, 300, 26), help, space)).toEqual({
      style: "top: 26px",
      class: "cm-completionInfo-right",
    });
    expect(placeHelp(box(1100, 100, 300, 150), box(1100, 100, 300, 26), help, space).class).toBe(
      "cm-completionInfo-left",
    );
  });

  it("stands after the list on a phone, and covers no option", () => {
    const space = box(0, 0, 360, 740);
    expect(placeHelp(box(20, 400, 330, 150), box(20, 426, 330, 26), help, space)).toEqual({
      style: "top: 150px; left: 0; max-width: 340px",
      class: "cm-completionInfo-after",
    });
    expect(placeHelp(box(20, 570, 330, 150), box(20, 596, 330, 26), help, space).style).toContain("bottom: 150px");
  });
});
