/** Times in words, as the server writes them. */

/** A measured length of time in its two largest units: "< 1 ms", "212 ms", "4 m 12 s", "2 d 3 h". */
export function took(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.floor(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10} s`;
  const s = Math.floor(ms / 1000);
  if (s < 3600) return `${Math.floor(s / 60)} m ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} m`;
  const h = Math.floor((s % 86_400) / 3600);
  return h === 0 ? `${Math.floor(s / 86_400)} d` : `${Math.floor(s / 86_400)} d ${h} h`;
}

/** The time of day to the millisecond. */
function timeOfDay(at: number): string {
  const d = new Date(at);
  const pad = (n: number, digits = 2): string => String(n).padStart(digits, "0");
  return `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}.${pad(d.getMilliseconds(), 3)}`;
}

/** The time of day to the millisecond, and the date when that is not the day of since: "3 May 09:41:05.120". */
export function clock(since: number, at: number): string {
  return [date(since, at), timeOfDay(at)].filter((s) => s !== "").join(" ");
}

/** clock in little room: "09:41:05.120", "3 May 09:41", "3 May 2027". */
export function entered(since: number, at: number): string {
  const day = date(since, at);
  if (day === "") return timeOfDay(at);
  return new Date(since).getFullYear() === new Date(at).getFullYear() ? `${day} ${timeOfDay(at).slice(0, 5)}` : day;
}

/** The day of at, in short; nothing when it is the day of since. */
function date(since: number, at: number): string {
  const [a, b] = [new Date(since), new Date(at)];
  if (a.toDateString() === b.toDateString()) return "";
  const year = a.getFullYear() === b.getFullYear() ? "" : ` ${b.getFullYear()}`;
  return `${b.getDate()} ${months[b.getMonth()] ?? ""}${year}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** When something was, seen from now: "5 minutes ago"; null when a date says it better. */
export function ago(now: number, at: number): string | null {
  const d = now - at;
  if (d < 0 || d >= 6 * 3_600_000) return null;
  if (d < 10_000) return "just now";
  if (d < 60_000) return plural(Math.floor(d / 1000), "second", " ago");
  if (d < 3_600_000) return plural(Math.floor(d / 60_000), "minute", " ago");
  return plural(Math.floor(d / 3_600_000), "hour", " ago");
}

/** Day and time, seen from now: "today 09:41", "tomorrow 09:41", "Friday 09:41", "3 May". */
export function dayTime(now: number, at: number): string {
  const d = new Date(at);
  const clock = timeOfDay(at).slice(0, 5);
  const noon = (t: number): number => new Date(t).setHours(12, 0, 0, 0);
  const days = Math.round((noon(at) - noon(now)) / 86_400_000);
  if (days === 0) return `today ${clock}`;
  if (days === 1) return `tomorrow ${clock}`;
  if (days === -1) return `yesterday ${clock}`;
  if (days > 1 && days < 7) return `${d.toLocaleDateString("en-GB", { weekday: "long" })} ${clock}`;
  return d.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
}

/** A number as people read it: "11,500". */
export function count(n: number): string {
  return n.toLocaleString("en");
}

export function plural(n: number, noun: string, after = ""): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}${after}`;
}

/** A name as one part of an address: a "~", which stands in no name, keeps "." and ".." from leading elsewhere. */
export function addressPart(name: string): string {
  return name === "." || name === ".." ? `~${name}` : encodeURIComponent(name);
}

/** The page of a map run: arn:…:mapRun:MACHINE/LABEL:ID. */
export function mapRunPath(arn: string): string | null {
  const parts = /:mapRun:([^/]+)\/([^:]+):(.+)$/.exec(arn)?.slice(1);
  return parts === undefined ? null : `/map-runs/${parts.map(addressPart).join("/")}`;
}
