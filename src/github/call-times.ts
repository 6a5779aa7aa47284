import type { Clock } from "../domain.js";
import type { GitHubCall } from "./octokit/observe.js";

/** Durations of this process's recent calls. */
export interface CallTimes {
  observe(call: GitHubCall): void;
  /** Seconds; null when fewer than `least` calls were made in the window. `installationId` null: the App's own calls. */
  of(installationId: bigint | null): { readonly calls: number; readonly p50: number; readonly p95: number } | null;
}

const WINDOW_MS = 5 * 60_000;
const MOST = 500;
const LEAST = 20;

/** Keeps the newest calls of the last five minutes, a bounded number for each installation. */
export function createCallTimes(clock: Clock): CallTimes {
  const calls = new Map<bigint | null, { readonly at: number; readonly seconds: number }[]>();
  const recent = (installationId: bigint | null) => {
    const from = clock.now().getTime() - WINDOW_MS;
    return (calls.get(installationId) ?? []).filter(({ at }) => at >= from).slice(-MOST);
  };
  return {
    observe({ installationId, durationMs }) {
      const kept = calls.get(installationId) ?? [];
      kept.push({ at: clock.now().getTime(), seconds: durationMs / 1000 });
      calls.set(installationId, kept.length > 2 * MOST ? recent(installationId) : kept);
    },
    of(installationId) {
      const kept = recent(installationId);
      if (kept.length === 0) calls.delete(installationId);
      if (kept.length < LEAST) return null;
      const sorted = kept.map(({ seconds }) => seconds).sort((a, b) => a - b);
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { calls: sorted.length, p50: at(0.5), p95: at(0.95) };
    },
  };
}
