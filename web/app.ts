/** What every page has: theme, inbox badge, dialogs, times that stay true, copy buttons. */
import { mark } from "./instead";
import { parseFrame } from "./live/events";
import { connect, liveUrl } from "./live/socket";
import { ago } from "./live/words";
import { toast } from "./toast";

type Theme = "system" | "light" | "dark";

const themes: readonly Theme[] = ["system", "light", "dark"];
const icons: Record<Theme, string> = { system: "sun-moon", light: "sun", dark: "moon" };
const words: Record<Theme, string> = { system: "Auto", light: "Light", dark: "Dark" };

function theme(): void {
  const button = document.getElementById("theme");
  if (button === null) return;
  let now: Theme =
    themes.find((t) => t === stored()) ?? themes.find((t) => t === document.documentElement.dataset.theme) ?? "system";
  const show = (): void => {
    if (now === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    const use = button.querySelector("use");
    use?.setAttribute("href", `${document.documentElement.dataset.icons ?? "/static/icons.svg"}#${icons[now]}`);
    const label = button.querySelector("span");
    if (label !== null) label.textContent = words[now];
    const next = themes[(themes.indexOf(now) + 1) % themes.length] ?? "system";
    button.title = `Theme: ${words[now].toLowerCase()}. Press for ${words[next].toLowerCase()}.`;
    button.setAttribute("aria-label", `Theme: ${words[now]}`);
  };
  button.addEventListener("click", () => {
    now = themes[(themes.indexOf(now) + 1) % themes.length] ?? "system";
    try {
      localStorage.setItem("theme", now);
    } catch {
      // Storage may be forbidden; the cookie keeps the choice then.
    }
    // The server draws the next page in this theme at once.
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser, and the value is one of three words
    document.cookie = `theme=${now === "system" ? "" : now}; path=/; max-age=${now === "system" ? 0 : 31_536_000}; samesite=lax`;
    show();
  });
  // The settings page sends the choice to the server; the next page must not fall back to the old one.
  for (const choice of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    choice.addEventListener("click", () => {
      try {
        localStorage.setItem("theme", choice.dataset.themeChoice || "system");
      } catch {
        // Storage may be forbidden; the cookie keeps the choice then.
      }
    });
  }
  addEventListener("storage", (e) => {
    if (e.key !== "theme") return;
    now = themes.find((t) => t === e.newValue) ?? "system";
    show();
  });
  show();
}

function stored(): string | null {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}

/** Keeps the badge true, and tells the page: others listen to "inbox" on the document. */
function inbox(): void {
  const badge = document.getElementById("inbox-count");
  if (badge === null) return;
  connect({
    url: () => liveUrl("/live/inbox"),
    link: (state) => document.dispatchEvent(new CustomEvent("inbox-link", { detail: state })),
    frame: (text) => {
      const f = parseFrame(text);
      if (f?.type !== "inbox") return false;
      badge.textContent = String(f.open);
      badge.hidden = f.open === 0;
      document.dispatchEvent(new CustomEvent("inbox", { detail: f }));
      return false;
    },
  });
}

/** Buttons that open and close dialogs: commandfor where the browser does not know it, and data-dialog. */
function dialogs(): void {
  // A form that was refused comes back open; with a script it stands above the page again.
  for (const refused of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) {
    refused.close();
    refused.showModal();
  }
  const native = "commandForElement" in HTMLButtonElement.prototype;
  document.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest("button") : null;
    if (button === null) return;
    const named = button.dataset.dialog;
    if (named !== undefined) {
      dialog(named)?.showModal();
      return;
    }
    if (button.dataset.close !== undefined) {
      button.closest("dialog")?.close();
      return;
    }
    if (native) return;
    const target = dialog(button.getAttribute("commandfor"));
    const command = button.getAttribute("command");
    if (command === "show-modal") target?.showModal();
    else if (command === "close") target?.close();
  });
}

function dialog(id: string | null): HTMLDialogElement | null {
  const el = id === null ? null : document.getElementById(id);
  return el instanceof HTMLDialogElement ? el : null;
}

/** A form with data-instead does with a script what can be taken back: it goes there and sends nothing. */
function instead(): void {
  document.addEventListener("submit", (e) => {
    const to = e.target instanceof HTMLFormElement ? e.target.dataset.instead : undefined;
    if (to === undefined || !to.startsWith("/") || !mark(to)) return;
    e.preventDefault();
    location.assign(to);
  });
}

/** Times such as "5 minutes ago" go on. */
function times(): void {
  const refresh = (): void => {
    const now = Date.now();
    for (const el of document.querySelectorAll("time[datetime]")) {
      if (!/ ago$|^just now$/.test(el.textContent ?? "")) continue;
      const text = ago(now, Date.parse(el.getAttribute("datetime") ?? ""));
      if (text !== null && text !== el.textContent) el.textContent = text;
    }
  };
  setInterval(refresh, 15_000);
  document.addEventListener("visibilitychange", refresh);
}

/** data-copy holds the text, or names an element by "#id". */
function copying(): void {
  document.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-copy]") : null;
    const what = button?.dataset.copy;
    if (button === null || what === undefined) return;
    const text = what.startsWith("#") ? (document.querySelector(what)?.textContent ?? "") : what;
    void navigator.clipboard.writeText(text).then(
      () => toast("Copied"),
      () => toast("Copying is not allowed here"),
    );
  });
}

theme();
dialogs();
instead();
times();
copying();
inbox();
