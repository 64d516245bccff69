/** The items that were added last, newest first, kept in this browser. */
const key = "statehouse.recent";
const most = 6;

export function recentItems(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((k): k is string => typeof k === "string") : [];
  } catch {
    return [];
  }
}

export function remember(id: string): void {
  try {
    localStorage.setItem(key, JSON.stringify([id, ...recentItems().filter((k) => k !== id)].slice(0, most)));
  } catch {
    // A browser that keeps nothing only forgets what was recent.
  }
}
