import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Attempt } from "../attempt.js";
import { isOurs } from "../author.js";
import { isAsStamped, stamp } from "../marker.js";
import { eventsOf } from "./events.js";
import { already, type Inversion, leave, type TakenBack } from "./inversion.js";

/** Our own reaction: only we could have taken it back. */
export async function invertReaction({ where, last }: TakenBack<"reaction">, _attempt: Attempt): Promise<Inversion> {
  const { effect, row } = last;
  if (row.githubId === null) return leave("the reaction: its id is not known");
  const parameters = { ...where, reaction_id: row.githubId };
  const act =
    effect.commentId === null
      ? {
          route: "DELETE /repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}",
          parameters: { ...parameters, issue_number: effect.issue },
        }
      : {
          route: "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}",
          parameters: { ...parameters, comment_id: String(effect.commentId) },
        };
  return Promise.resolve({ acts: [act], left: [] });
}

const TITLE = "Taken back";
const CheckRun = z.object({
  external_id: z.string().nullish(),
  app: z.object({ id: z.coerce.bigint() }).nullish(),
  output: z.object({ title: z.string().nullish() }),
});

/** A check cannot be deleted: it becomes neutral, with a note that it was undone. */
export async function invertCheckRun(given: TakenBack<"check-run">, attempt: Attempt): Promise<Inversion> {
  const { where, last, since } = given;
  if (since.length > 0) return leave("the check: a later check of the app took its place");
  const id = last.row.githubId;
  if (id === null) return leave("the check: its id is not known");
  const address = { ...where, check_run_id: id };
  const run = CheckRun.parse(
    (await attempt.github.rest("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", address)).data,
  );
  if (run.app?.id !== (await attempt.identity()).appId) return leave("the check: it is not by the app");
  if (run.output.title === TITLE) return already("the check: it is taken back already");
  if (run.external_id !== last.row.intent) return leave("the check: a later check of the app took its place");
  const output = {
    title: TITLE,
    summary: "An operator of the app took this result back. It says nothing about the commit.",
  };
  const route = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";
  return {
    acts: [{ route, parameters: { ...address, status: "completed", conclusion: "neutral", output } }],
    left: [],
  };
}

const Issue = z.object({ state: z.string(), body: z.string().nullish(), comments: z.int() });

/** Closes our issue as not planned, or brings back the state and text that it had before. */
export async function invertIssue(given: TakenBack<"issue">, attempt: Attempt): Promise<Inversion> {
  const { where, last, before, since } = given;
  if (since.length > 0) return leave("the issue: a later effect of the app changed it");
  const number = last.row.githubId;
  if (number === null) return leave("the issue: its number is not known");
  const address = { ...where, issue_number: Number(number) };
  const found = await readIssue(address, attempt);
  if (found === null) return already("the issue: it is deleted");
  const identity = await attempt.identity();
  if (!isOurs(found, identity)) return leave("the issue: it is not by the app");
  const issue = Issue.parse(found);
  const changed = (await eventsOf(attempt, where, Number(number))).findLast(
    ({ event }) => event === "closed" || event === "reopened",
  );
  const ours = changed === undefined || changed.by?.toLowerCase() === identity.login.toLowerCase();
  if (!ours) return leave(`the issue: ${changed.by ?? "a deleted account"} ${changed.event} it since`);
  if (!isAsStamped(issue.body, last.effect.body, { intent: last.row.intent, target: attempt.target }))
    return leave("the issue: a person edited it since");
  const route = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
  if (before !== null) {
    const { title, body, state } = before.effect;
    const stamped = stamp(body, { ...attempt, intent: before.row.intent });
    return { acts: [{ route, parameters: { ...address, title, body: stamped, state } }], left: [], restored: number };
  }
  if (issue.state === "closed") return already("the issue: it is closed already");
  if (issue.comments > 0) return leave("the issue: people comment on it");
  return { acts: [{ route, parameters: { ...address, state: "closed", state_reason: "not_planned" } }], left: [] };
}

async function readIssue(address: Readonly<Record<string, unknown>>, { github }: Attempt): Promise<unknown> {
  try {
    return (await github.rest("GET /repos/{owner}/{repo}/issues/{issue_number}", address)).data;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}
