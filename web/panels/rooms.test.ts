// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from "vitest";
import { Rooms } from "./rooms";

function rooms(width: number): { rooms: Rooms; seen: () => string } {
  window.innerWidth = width;
  document.body.innerHTML = "<div><aside></aside><section></section><aside></aside></div>";
  const [palette, code, inspector] = [...document.querySelectorAll<HTMLElement>("div > *")];
  const panels = { palette: palette!, code: code!, inspector: inspector! };
  const made = new Rooms(
    panels,
    {},
    () => undefined,
    () => undefined,
  );
  const seen = (): string =>
    Object.entries(panels)
      .filter(([, el]) => !el.hidden)
      .map(([name]) => name)
      .join(" ");
  return { rooms: made, seen };
}

describe("the panels of the designer", () => {
  beforeEach(() => localStorage.clear());

  test("a newcomer sees what fits", () => {
    expect(rooms(1440).seen()).toBe("palette code inspector");
    expect(rooms(900).seen()).toBe("inspector");
    expect(rooms(360).seen()).toBe("");
  });

  test("where it is tight the code takes the place of the others and gives it back, also after a reload", () => {
    const first = rooms(900);
    first.rooms.toggle("palette");
    first.rooms.toggle("code");
    expect(first.seen()).toBe("code");
    const again = rooms(900);
    expect(again.seen()).toBe("code");
    again.rooms.toggle("code");
    expect(again.seen()).toBe("palette inspector");
  });

  test("where it is tight another panel takes the code's place", () => {
    const one = rooms(900);
    one.rooms.toggle("code");
    one.rooms.toggle("inspector");
    expect(one.seen()).toBe("inspector");
  });

  test("on a phone one panel is open at a time", () => {
    const one = rooms(360);
    one.rooms.toggle("code");
    one.rooms.toggle("palette");
    expect(one.seen()).toBe("palette");
  });
});
