import { z } from "zod";

/** GitHub's search shows at most this many results; at this number there may be more. */
export const MOST_RESULTS = 1_000;

/** A time range for one search, both ends inclusive. `kind` narrows it further. */
export const Window = z.object({ from: z.string(), to: z.string(), kind: z.enum(["any", "pr", "issue"]) });
export type Window = z.infer<typeof Window>;

/** The search query for items that changed in a window, anywhere in the account, newest first. */
export function searchFor(account: string, window: Window): string {
  const kind = window.kind === "any" ? "" : ` is:${window.kind}`;
  return `user:${account}${kind} updated:${window.from}..${window.to} sort:updated-desc`;
}

/**
 * Splits a window in two, the later one first, if it holds more than a search shows; null when it cannot be split: one
 * second, one kind.
 */
export function split(window: Window): readonly [Window, Window] | null {
  const from = Date.parse(window.from);
  const to = Date.parse(window.to);
  if (to - from >= 1_000) {
    const middle = from + Math.floor((to - from) / 2_000) * 1_000;
    return [
      { ...window, from: atSecond(middle + 1_000) },
      { ...window, to: atSecond(middle) },
    ];
  }
  if (window.kind !== "any") return null;
  return [
    { ...window, kind: "pr" },
    { ...window, kind: "issue" },
  ];
}

/** GitHub's times have whole seconds. */
export function atSecond(ms: number): string {
  return new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
}
