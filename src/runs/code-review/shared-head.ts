import { CHECK_NAME } from "../../agents/code-review/render/check-run.js";
import type { EffectOf } from "../../effects/effect.js";
import { verdictsAt } from "../../store/reviews/verdicts.js";
import type { Sql } from "../../store/store.js";
import { readDecision } from "../stored-decision.js";
import { REVIEW_AGENT } from "./names.js";

type Check = EffectOf<"check-run">;
type Conclusion = NonNullable<Check["conclusion"]>;

/** The worst first. */
const WORST_FIRST: readonly Conclusion[] = ["failure", "action_required", "cancelled", "neutral", "skipped", "success"];

/** The result of one pull request's own review. */
export interface Verdict {
  readonly number: number;
  readonly run: bigint;
  readonly check: Check;
}

/** The check among a decision's effects; null: none. */
export function reviewCheck(decision: unknown): Check | null {
  for (const effect of readDecision(decision)?.effects ?? [])
    if (effect.kind === "check-run" && effect.name === CHECK_NAME) return effect;
  return null;
}

/** The results of all open pull requests with this head. */
export async function verdictsOf(
  sql: Sql,
  { installationId, repositoryId }: { readonly installationId: bigint; readonly repositoryId: bigint },
  sha: string,
): Promise<readonly Verdict[]> {
  const scope = { installationId, repositoryId, agent: REVIEW_AGENT };
  const found = await verdictsAt(sql, scope, sha, CHECK_NAME);
  return found.flatMap(({ number, run, decision }) => {
    const check = reviewCheck(decision);
    return check ? [{ number, run, check }] : [];
  });
}

/**
 * The check of a commit. A check run belongs to a commit, so pull requests with the same head share it, and it shows
 * the worst of their results. Null: no pull request has a result.
 */
export function sharedCheck(verdicts: readonly Verdict[], occasion: string): Check | null {
  const [worst] = verdicts.toSorted((a, b) => rank(a.check) - rank(b.check));
  if (!worst) return null;
  if (verdicts.length === 1) return { ...worst.check, occasion };
  const results = verdicts.map(({ number, check }) => `#${number} ${check.conclusion ?? check.status}`).join(", ");
  const shared = `This commit is the head of several pull requests: ${results}. Below is the result of #${worst.number}.`;
  return { ...worst.check, occasion, summary: `${shared}\n\n${worst.check.summary}` };
}

function rank({ conclusion }: Check): number {
  return conclusion === null ? -1 : WORST_FIRST.indexOf(conclusion);
}

/**
 * Combines a run's check with the results of the other pull requests at its head. Call it while no other write of this
 * check is running.
 */
export async function withOthers(
  sql: Sql,
  run: {
    readonly installationId: bigint;
    readonly repositoryId: bigint;
    readonly number: number | null;
  },
  check: Check,
): Promise<Check> {
  const { number } = run;
  if (check.name !== CHECK_NAME || number === null) return check;
  const others = (await verdictsOf(sql, run, check.headSha)).filter((verdict) => verdict.number !== number);
  if (others.length === 0) return check;
  // The same result beside other results counts as another occasion.
  const beside = others.map((other) => `#${other.number} run ${other.run}`).join(", ");
  const own = { number, run: 0n, check };
  const all = [...others, own].toSorted((a, b) => a.number - b.number);
  return sharedCheck(all, `${check.occasion} beside ${beside}`) ?? check;
}
