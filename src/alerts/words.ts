import { isEnd, type Saying } from "../health/alerts/policy.js";
import type { Notice } from "./sink.js";

const WORDS: Readonly<Record<Saying, string>> = {
  opened: "Opened",
  worse: "Worse",
  reminded: "Still open",
  recovered: "Recovered",
  lapsed: "No longer watched, not fixed",
};

/** `Opened (critical): …`: the first line of a message, for every sink that people read. */
export function headline({ alert, saying }: Notice): string {
  if (alert.kind === "notice") return alert.title;
  const severity = isEnd(saying) ? "" : ` (${alert.severity})`;
  return `${WORDS[saying]}${severity}: ${alert.title}`;
}

/** The lines after the headline: detail, count, start and remedy. */
export function details({ alert, saying }: Notice): readonly string[] {
  const since = `${alert.occurrences} times since ${alert.openedAt.toISOString()}`;
  if (alert.kind === "notice") return [alert.detail];
  if (isEnd(saying)) {
    const end = `${alert.resolvedReason ?? "The problem is over"}. ${since}.`;
    return saying === "lapsed" ? [end, `What to do: ${alert.remedy}`] : [end];
  }
  const flapped = alert.reopened > 0 ? `, recovered and returned ${alert.reopened} times` : "";
  return [alert.detail, `Occurred ${since}${flapped}.`, `What to do: ${alert.remedy}`];
}
