import { choicesOf } from "./mutate.js";
import { type Target, TARGETS } from "./targets.js";

export interface Found {
  readonly target: string;
  readonly seed: number;
  readonly input: string;
  readonly problem: string;
}

export interface Fuzzed {
  readonly inputs: number;
  readonly found: readonly Found[];
  /** The slowest input of each target (ms). */
  readonly slowest: Readonly<Record<string, number>>;
}

/** One input may take so long (ms): more is a way to hold a process up. */
const MOST_MS = 1_000;
const MOST_FOUND = 20;

/** Runs `count` inputs, the targets in turn. Input `n` comes from the seed `seed + n` alone. */
export function fuzz(seed: number, count: number, targets: readonly [Target, ...Target[]] = TARGETS): Fuzzed {
  const found: Found[] = [];
  const slowest: Record<string, number> = {};
  let inputs = 0;
  for (; inputs < count && found.length < MOST_FOUND; inputs += 1) {
    const target = targets[inputs % targets.length] ?? targets[0];
    const own = seed + inputs;
    const input = target.make(choicesOf(Math.imul(own, 0x9e3779b1)));
    // Of this process alone: a busy machine makes no input slow.
    const before = process.cpuUsage();
    const problem = problemOf(target, input);
    const spent = process.cpuUsage(before);
    const ms = (spent.user + spent.system) / 1000;
    slowest[target.name] = Math.max(slowest[target.name] ?? 0, Math.round(ms));
    const all = problem ?? (ms > MOST_MS ? `took ${Math.round(ms)} ms` : null);
    if (all !== null) found.push({ target: target.name, seed: own, input, problem: all });
  }
  return { inputs, found, slowest };
}

export function problemOf({ run }: Target, input: string): string | null {
  try {
    run(input);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
