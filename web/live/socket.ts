/**
 * A socket that goes on where it stopped: it says the last event id it has, and comes back by itself, later
 * and later, after 0.2 to 5 seconds.
 */

export type Link = "connecting" | "live" | "reconnecting" | "closed";

export interface SocketOptions {
  /** Path of the socket, given the last id known. */
  url: () => string;
  /** A frame came. Returns true when nothing more will come. */
  frame: (text: string) => boolean;
  link: (state: Link) => void;
  /** For tests. */
  open?: (url: string) => WebSocket;
  wait?: (ms: number, fn: () => void) => void;
}

/** Milliseconds before the next try: 0.2 s, doubling, at most 5 s. */
export function backoff(tries: number): number {
  return Math.min(5000, 200 * 2 ** Math.min(tries, 10));
}

/** Opens a socket and keeps it open; call the result to close it. */
export function connect(opts: SocketOptions): () => void {
  const open = opts.open ?? ((url) => new WebSocket(url));
  const wait = opts.wait ?? ((ms, fn) => void setTimeout(fn, ms));
  let socket: WebSocket | null = null;
  let tries = 0;
  let over = false;

  const done = (): void => {
    over = true;
    opts.link("closed");
    socket?.close();
  };
  const start = (): void => {
    if (over) return;
    opts.link(tries === 0 ? "connecting" : "reconnecting");
    const ws = open(opts.url());
    socket = ws;
    ws.onopen = () => {
      tries = 0;
      opts.link("live");
    };
    ws.onmessage = (e: MessageEvent<unknown>) => {
      if (over || ws !== socket || typeof e.data !== "string") return;
      if (opts.frame(e.data)) done();
    };
    ws.onclose = () => {
      if (over || ws !== socket) return;
      socket = null;
      opts.link("reconnecting");
      wait(backoff(tries++), start);
    };
  };
  start();
  return () => {
    if (!over) done();
  };
}

/** The address of a live path on this server. */
export function liveUrl(path: string): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
