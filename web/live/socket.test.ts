// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { backoff, connect, type Link } from "./socket";

/** A server by hand: sockets open, speak and break when told. */
function fake() {
  const sockets: { url: string; ws: WebSocket }[] = [];
  const waits: { ms: number; fn: () => void }[] = [];
  const states: Link[] = [];
  const frames: string[] = [];
  let last = 0;
  const close = connect({
    url: () => `/live?since=${last}`,
    frame: (text) => {
      frames.push(text);
      last = Number(text) || last;
      return text === "closed";
    },
    link: (s) => states.push(s),
    open: (url) => {
      const ws = { close() {} } as unknown as WebSocket;
      sockets.push({ url, ws });
      return ws;
    },
    wait: (ms, fn) => waits.push({ ms, fn }),
  });
  const now = (): WebSocket => sockets.at(-1)?.ws as WebSocket;
  return {
    sockets,
    waits,
    states,
    frames,
    close,
    opens: () => now().onopen?.(new Event("open")),
    says: (data: string) => now().onmessage?.(new MessageEvent("message", { data })),
    breaks: () => now().onclose?.(new CloseEvent("close")),
  };
}

describe("connect", () => {
  it("comes back with the last id it has", () => {
    const s = fake();
    s.opens();
    s.says("7");
    s.breaks();
    expect(s.waits.map((w) => w.ms)).toEqual([200]);
    s.waits[0]?.fn();
    expect(s.sockets.map((x) => x.url)).toEqual(["/live?since=0", "/live?since=7"]);
    s.opens();
    expect(s.states).toEqual(["connecting", "live", "reconnecting", "reconnecting", "live"]);
  });

  it("waits longer each time, and not for ever", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(backoff)).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it("stops when all was said", () => {
    const s = fake();
    s.opens();
    s.says("closed");
    s.breaks();
    expect(s.waits).toEqual([]);
    expect(s.states.at(-1)).toBe("closed");
  });

  it("hears nothing after it was closed", () => {
    const s = fake();
    s.opens();
    s.close();
    s.says("8");
    expect(s.frames).toEqual([]);
  });
});
