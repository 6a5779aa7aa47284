import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Finding } from "../../../src/agents/code-review/finding.js";

/** The criterion for each verdict is in `criterion.md`. */
export const VERDICTS = ["useful", "unwanted", "wrong"] as const;
export type Verdict = (typeof VERDICTS)[number];

const label = z.strictObject({
  package: z.string(),
  rule: z.string(),
  path: z.string(),
  line: z.int().nullable(),
  verdict: z.enum(VERDICTS),
  reason: z.string().min(1),
});
export type Label = Readonly<z.output<typeof label>>;

/** A finding of the bench: where, of which rule, and whether somebody has judged it. */
export interface Judged {
  readonly package: string;
  readonly rule: string;
  readonly path: string;
  readonly line: number | null;
  readonly quote: string | null;
  /** Null: nobody has looked at it yet, and the bench fails. */
  readonly verdict: Verdict | null;
}

export function readLabels(): readonly Label[] {
  return z.array(label).parse(JSON.parse(readFileSync(join(import.meta.dirname, "labels.json"), "utf8")));
}

/** Findings of one package beside the labels. */
export function judge(name: string, findings: readonly Finding[], labels: readonly Label[]): readonly Judged[] {
  return findings.map(({ rule, path, line, quote }) => {
    const place = { package: name, rule, path: path ?? "", line };
    return { ...place, quote, verdict: labels.find((given) => keyOf(given) === keyOf(place))?.verdict ?? null };
  });
}

/** Labels of findings that no rule makes any more. */
export function staleLabels(labels: readonly Label[], judged: readonly Judged[]): readonly string[] {
  const found = new Set(judged.map(keyOf));
  return labels.map(keyOf).filter((key) => !found.has(key));
}

export function keyOf(place: Pick<Label, "package" | "rule" | "path" | "line">): string {
  return `${place.package} ${place.rule} ${place.path}:${place.line ?? "-"}`;
}
