export const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
export type Day = (typeof DAYS)[number];

/** A window of the settings: weekly where it has days, else from one local time to another. */
export interface Window {
  readonly timeZone: string;
  readonly days: readonly Day[];
  readonly from: string;
  readonly to: string;
}

export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the window holds at an instant. The instant becomes local time, never the window an instant: so a window has
 * the hours that people read on the wall also on the days when the clock changes. An hour that comes twice is frozen both times.
 */
export function holds(window: Window, at: Date): boolean {
  const local = localOf(window.timeZone, at);
  const { from, to, days } = window;
  if (days.length === 0) return local.text >= from && local.text < to;
  const today = days.includes(local.day);
  if (from < to) return today && local.clock >= from && local.clock < to;
  const yesterday = days.includes(DAYS[(DAYS.indexOf(local.day) + 6) % 7] ?? "sun");
  return (today && local.clock >= from) || (yesterday && local.clock < to);
}

const MINUTE_MS = 60_000;
const LONGEST_MS = 8 * 24 * 60 * MINUTE_MS;

/** The first minute at which the window begins or ends; null: neither within eight days. */
export function nextChange(window: Window, now: Date): Date | null {
  const today = holds(window, now);
  // Every time zone in use differs from UTC by whole quarters of an hour.
  const quarterly = [window.from, window.to].every((text) => Number(text.slice(-2)) % 15 === 0);
  const stepMs = quarterly ? 15 * MINUTE_MS : MINUTE_MS;
  const first = Math.floor(now.getTime() / stepMs) * stepMs + stepMs;
  for (let at = first; at - first <= LONGEST_MS; at += stepMs)
    if (holds(window, new Date(at)) !== today) return new Date(at);
  return null;
}

interface Local {
  /** 2026-12-24T08:00 */
  readonly text: string;
  readonly clock: string;
  readonly day: Day;
}

function localOf(timeZone: string, at: Date): Local {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
  const clock = `${part("hour")}:${part("minute")}`;
  const day = DAYS.find((each) => each === part("weekday").toLowerCase()) ?? "sun";
  return { text: `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${clock}`, clock, day };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    weekday: "short",
  });
  formatters.set(timeZone, made);
  return made;
}
