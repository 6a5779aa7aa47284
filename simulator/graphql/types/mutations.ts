import { accountOf } from "../../auth/caller.js";
import { apply } from "../../organisation/apply.js";
import { ChangeRefused } from "../../organisation/changes/find.js";
import type { ChangeInput, ChangeName, ChangeResult } from "../../organisation/changes/table.js";
import { drain } from "../../organisation/create.js";
import type { Args } from "../connection.js";
import { failed, need, needEither, type Context } from "../context.js";
import { define, ofClass } from "../define.js";
import { Changed } from "../wrappers.js";
import { nodeOf } from "./query.js";

function inputOf(args: Args): { readonly [name: string]: unknown } {
  const { input } = args;
  return typeof input === "object" && input !== null ? Object.fromEntries(Object.entries(input)) : {};
}

function perform<K extends ChangeName>(context: Context, change: K, input: ChangeInput<K>): ChangeResult<K> {
  const { organisation, deliveries } = context.simulation;
  try {
    const result = apply(organisation, change, input);
    deliveries.send(drain(organisation));
    return result;
  } catch (error) {
    if (error instanceof ChangeRefused) throw failed("UNPROCESSABLE", error.message);
    throw error;
  }
}

function resolve(resolved: boolean) {
  return (_source: undefined, args: Args, context: Context): Changed => {
    // Not documented: GitHub answers FORBIDDEN to an App without it.
    need(context, "contents", "write");
    const { threadId, clientMutationId } = inputOf(args);
    const by = accountOf(context.simulation, context.caller).login;
    return new Changed(
      clientMutationId,
      perform(context, "resolveThread", { thread: nodeOf(context, threadId).id, resolved, by }),
    );
  };
}

function minimize(hide: boolean) {
  return (_source: undefined, args: Args, context: Context): Changed => {
    needEither(context, ["issues", "pull_requests"], "write");
    const { subjectId, classifier, clientMutationId } = inputOf(args);
    const reason = hide ? String(classifier) : null;
    return new Changed(
      clientMutationId,
      perform(context, "minimizeComment", { comment: nodeOf(context, subjectId).id, reason }),
    );
  };
}

function editComment(_source: undefined, args: Args, context: Context): Changed {
  need(context, "pull_requests", "write");
  const { pullRequestReviewCommentId, body, clientMutationId } = inputOf(args);
  const by = accountOf(context.simulation, context.caller).login;
  const comment = nodeOf(context, pullRequestReviewCommentId).id;
  return new Changed(clientMutationId, perform(context, "editReviewComment", { comment, body: String(body), by }));
}

const isRoot = (value: unknown): value is undefined => value === undefined;

export const mutation = define(isRoot, {
  resolveReviewThread: resolve(true),
  unresolveReviewThread: resolve(false),
  updatePullRequestReviewComment: editComment,
  minimizeComment: minimize(true),
  unminimizeComment: minimize(false),
});

/** The answers of the mutations above. */
export const payload = define(ofClass(Changed), {
  clientMutationId: (source) => source.clientMutationId,
  thread: (source) => source.subject,
  pullRequestReviewComment: (source) => source.subject,
  minimizedComment: (source) => source.subject,
  unminimizedComment: (source) => source.subject,
});
