import { z } from "zod";
import { CHECK_NAME } from "../agents/code-review/render/check-run.js";
import { RULE_IDS } from "../agents/code-review/rules/registry.js";
import { effectSchema, type Effect } from "../effects/effect.js";
import type { Advice } from "./advice.js";

// The content of a run's row as a tree: each rule with its result, the gaps, the risk, the decision.

const Decision = z.object({
  effects: z.array(z.unknown()).default([]),
  gaps: z.array(z.object({ path: z.string(), reason: z.string() })).default([]),
  muted: z.array(z.object({ rule: z.string(), precision: z.number(), shown: z.number() })).default([]),
  risk: z
    .object({ risk: z.string(), reasons: z.array(z.string()) })
    .nullable()
    .default(null),
  counts: z
    .object({
      fresh: z.number(),
      waiting: z.number(),
      repeated: z.number(),
      assumed: z.number(),
      silenced: z.number(),
      fixed: z.number(),
    })
    .nullable()
    .default(null),
});

const Input = z.object({
  files: z.number().optional(),
  carried: z.number().optional(),
  unlisted: z.number().optional(),
  base: z.string().optional(),
  lastReviewed: z.string().nullish(),
  forcePushed: z.boolean().optional(),
  settings: z.string().optional(),
});

/** The needed parts of the stored settings. */
const StoredRules = z.object({ review: z.object({ rules: z.record(z.string(), z.unknown()) }) });

/** One rule of a review: its findings at this head, or the reason for none. */
export interface RuleResult {
  readonly rule: string;
  readonly result: "found" | "clean" | "muted" | "off";
  readonly found: readonly {
    readonly level: string;
    readonly path: string;
    readonly line: number;
    readonly message: string;
  }[];
  /** For a muted rule: the share of its findings that people did not dismiss, from 0 to 1. */
  readonly precision: number | null;
}

export interface ReviewRun {
  readonly input: z.output<typeof Input>;
  readonly rules: readonly RuleResult[];
  readonly gaps: z.output<typeof Decision>["gaps"];
  readonly risk: z.output<typeof Decision>["risk"];
  readonly counts: z.output<typeof Decision>["counts"];
  readonly effects: readonly Effect[];
}

/** `settings` are the repository's stored settings, which show the rules that are off. */
export function reviewRunOf(
  run: { readonly input: unknown; readonly decision: unknown },
  settings: unknown,
): ReviewRun {
  const decision = Decision.catch(Decision.parse({})).parse(run.decision);
  const effects = decision.effects.flatMap((effect) => effectSchema.safeParse(effect).data ?? []);
  const check = effects.flatMap((effect) =>
    effect.kind === "check-run" && effect.name === CHECK_NAME ? [effect] : [],
  )[0];
  const off = switchedOff(settings);
  const looked = decision.counts !== null;
  const annotations = check?.annotations ?? [];
  const names = [...new Set([...annotations.map(({ title }) => title ?? ""), ...(looked ? RULE_IDS : [])])];
  const rules = names
    .filter((rule) => rule !== "")
    .map((rule): RuleResult => {
      const found = annotations
        .filter(({ title }) => title === rule)
        .map(({ level, path, startLine: line, message }) => ({ level, path, line, message }));
      const muted = decision.muted.find((each) => each.rule === rule);
      const result = found.length > 0 ? "found" : muted ? "muted" : off.has(rule) ? "off" : "clean";
      return { rule, result, found, precision: muted?.precision ?? null };
    });
  const { gaps, risk, counts } = decision;
  return { input: Input.catch({}).parse(run.input), rules, gaps, risk, counts, effects };
}

function switchedOff(settings: unknown): ReadonlySet<string> {
  const rules = StoredRules.safeParse(settings).data?.review.rules ?? {};
  return new Set(Object.entries(rules).flatMap(([rule, level]) => (level === "off" ? [rule] : [])));
}

/** Why the review's check is neutral, and who can change that; null: it is not neutral, or there is none. */
export function neutralCheckOf(run: {
  readonly input: unknown;
  readonly decision: unknown;
}): { readonly why: string; readonly advice: Advice } | null {
  const { effects, gaps } = reviewRunOf(run, null);
  const check = effects.find((effect) => effect.kind === "check-run");
  if (check?.kind !== "check-run" || check.conclusion !== "neutral") return null;
  if (check.annotations.length > 0)
    return {
      why: "its findings are warnings",
      advice: {
        who: "The author",
        what: "fix the findings, or a maintainer changes review.conclusion in the settings",
      },
    };
  const [first, ...more] = gaps;
  if (first === undefined)
    return { why: check.title, advice: { who: "The author", what: "open the check for its text" } };
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return {
    why: `${first.path}${others} could not be read completely: ${first.reason}`,
    advice: { who: "A reviewer", what: "review these files by hand; review.ignore.paths leaves generated files out" },
  };
}
