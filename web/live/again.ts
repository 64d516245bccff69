/**
 * A page that follows what happens without knowing what: the server says that there is news, and the page is
 * asked for again, once a second at most and one question at a time.
 */
import { connect, liveUrl } from "./socket";

const pause = 1000;

export interface Following {
  /** Asks no more until it is let go; news that came meanwhile is asked for then. */
  hold(held: boolean): void;
}

/** `take` has the page as it is now; it answers whether there is more to come. */
export function follow(path: string, take: (fresh: Document) => boolean): Following {
  let held = false;
  let asked = false;
  let stale = false;
  const ask = async (): Promise<void> => {
    if (asked || held) {
      stale = true;
      return;
    }
    asked = true;
    stale = false;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok && !take(new DOMParser().parseFromString(await answer.text(), "text/html"))) {
        close();
        return;
      }
    } catch {
      // the socket comes back when the server does, and says so
    }
    setTimeout(() => {
      asked = false;
      if (stale) void ask();
    }, pause);
  };
  const close = connect({
    url: () => liveUrl(path),
    frame: () => {
      void ask();
      return false;
    },
    link: () => undefined,
  });
  return {
    hold(now) {
      held = now;
      if (!held && stale && !asked) void ask();
    },
  };
}
