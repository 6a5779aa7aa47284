import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Attempt, Performed } from "../attempt.js";
import type { Effect, EffectKind, EffectOf } from "../effect.js";
import { invertComment } from "./comment.js";
import { invertMinimise, invertResolve, invertReviewComment, invertReviewers } from "./conversation.js";
import { type Done, type Inverse, type Inversion, leave, type TakenBack, takenBackOf } from "./inversion.js";
import { invertLabels } from "./labels.js";
import { invertCheckRun, invertIssue, invertReaction } from "./others.js";
import { invertReview } from "./review.js";

/** The one table from the kind of an effect to the function that undoes it, or the reason why it cannot be undone. */
const INVERSES: Readonly<Record<EffectKind, ReturnType<typeof of> | string>> = {
  comment: of("comment", invertComment),
  reaction: of("reaction", invertReaction),
  labels: of("labels", invertLabels),
  "check-run": of("check-run", invertCheckRun),
  review: of("review", invertReview),
  issue: of("issue", invertIssue),
  "minimise-comment": of("minimise-comment", invertMinimise),
  "review-comment": of("review-comment", invertReviewComment),
  "resolve-thread": of("resolve-thread", invertResolve),
  "request-reviewers": of("request-reviewers", invertReviewers),
  undo: "an undo is not taken back",
  deployment: "a deployment is not taken back; use /rollback",
  "deployment-review": "GitHub has acted on the answer",
};

/** Why effects of this kind cannot be undone; null: they can. */
export function irreversible(kind: string): string | null {
  const inverse = Object.entries(INVERSES).find(([name]) => name === kind)?.[1];
  if (inverse === undefined) return "this version does not know the kind";
  return typeof inverse === "string" ? inverse : null;
}

/** The plan of undoing these effects, read from GitHub. Never writes. */
export async function inversionOf(effect: EffectOf<"undo">, attempt: Attempt): Promise<Inversion> {
  const given = takenBackOf(effect, await attempt.onTarget(effect.target));
  if (given === null) return leave("the ledger no longer has these effects");
  const inverse = INVERSES[given.last.effect.kind];
  if (typeof inverse === "string") return leave(inverse);
  try {
    return await inverse(given, attempt);
  } catch (error) {
    if (error instanceof GoneError) return leave("it no longer exists at GitHub");
    throw error;
  }
}

/** Binds an inverse to its kind: the effects on one target are all of it. */
function of<K extends EffectKind>(
  kind: K,
  inverse: Inverse<K>,
): (given: TakenBack, attempt: Attempt) => Promise<Inversion> {
  const isOfKind = (effect: Effect): effect is EffectOf<K> => effect.kind === kind;
  const ofKind = ({ row, effect }: Done): readonly Done<K>[] => (isOfKind(effect) ? [{ row, effect }] : []);
  return (given, attempt) => {
    const [last] = ofKind(given.last);
    if (!last) return Promise.resolve(leave(`it is no ${kind}`));
    const [before = null] = given.before ? ofKind(given.before) : [];
    const some = { done: given.done.flatMap(ofKind), since: given.since.flatMap(ofKind) };
    return inverse({ ...given, ...some, last, before }, attempt);
  };
}

/** Undoes the unchanged effects, and reports the others. */
export async function performUndo(effect: EffectOf<"undo">, attempt: Attempt): Promise<Performed> {
  const { acts, left, already, restored } = await inversionOf(effect, attempt);
  const note = left.length > 0 ? { note: left.join("; ") } : {};
  const ended = { change: "updated", githubId: restored ?? null, url: null, ...note } as const;
  if (acts.length === 0) {
    const reason = left.join("; ") || "there is nothing to take back";
    return already && attempt.unsureSince ? { ...ended, adopted: true } : { skipped: reason };
  }
  for (const act of acts) {
    if ("mutation" in act) await attempt.github.query(act.mutation, act.variables, MUTATED);
    else await attempt.github.rest(act.route, act.parameters).catch(ifNotGone);
  }
  return { ...ended, adopted: false };
}

/** A mutation that GitHub refused answers null. */
const MUTATED = z.record(z.string(), z.looseObject({}));

/** An effect that no longer exists needs no undo. */
function ifNotGone(error: unknown): void {
  if (!(error instanceof GoneError)) throw error;
}
