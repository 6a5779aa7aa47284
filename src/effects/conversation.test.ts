import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import type { EffectOf } from "./effect.js";
import type { GitHubClient } from "../github/client.js";
import {
  EDIT_REVIEW_COMMENT,
  editReviewComment,
  MINIMISE_COMMENT,
  minimiseComment,
  RESOLVE_THREAD,
  resolveThread,
} from "./conversation.js";
import type { Attempt } from "./attempt.js";
import { IS_MINIMISED, THREAD_STATE, UNMINIMISE_COMMENT, UNRESOLVE_THREAD } from "./undo/conversation.js";

const schema = buildSchema(published.idl, { assumeValidSDL: true });

test.each([
  EDIT_REVIEW_COMMENT,
  MINIMISE_COMMENT,
  RESOLVE_THREAD,
  UNMINIMISE_COMMENT,
  UNRESOLVE_THREAD,
  IS_MINIMISED,
  THREAD_STATE,
])("$name is valid in GitHub's schema", ({ name, text }) => {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  expect(document.definitions[0]).toMatchObject({ name: { value: name } });
});

test("the mutations carry the ids that the effect names", async () => {
  const asked: unknown[] = [];
  const github: GitHubClient = {
    rest: () => Promise.reject(new Error("not by REST")),
    pages: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("not by REST")) }) }),
    async query(document, variables, answer) {
      asked.push([document.name, variables]);
      return {
        data: answer.parse({ minimizeComment: {}, resolveReviewThread: {}, updatePullRequestReviewComment: {} }),
        problems: [],
      };
    },
  };
  const attempt: Attempt = {
    intent: "",
    target: "",
    github,
    identity: () => Promise.reject(new Error("not needed")),
    standing: null,
    unsureSince: null,
    onTarget: () => Promise.resolve([]),
  };
  const base = { repository: { id: 7n, owner: "acme", name: "site" }, occasion: "o", reason: "b" };
  const minimise: EffectOf<"minimise-comment"> = {
    kind: "minimise-comment",
    ...base,
    nodeId: "IC_1",
    classifier: "OUTDATED",
  };
  const resolve: EffectOf<"resolve-thread"> = { kind: "resolve-thread", ...base, threadId: "PRRT_1" };
  expect(await minimiseComment(minimise, attempt)).toMatchObject({ change: "updated", githubId: "IC_1" });
  expect(await resolveThread(resolve, attempt)).toMatchObject({ change: "updated", githubId: "PRRT_1" });
  const edit: EffectOf<"review-comment"> = { kind: "review-comment", ...base, nodeId: "PRRC_1", body: "Fixed" };
  expect(await editReviewComment(edit, attempt)).toMatchObject({ change: "updated", githubId: "PRRC_1" });
  expect(asked).toEqual([
    ["MinimiseComment", { subject: "IC_1", classifier: "OUTDATED" }],
    ["ResolveThread", { thread: "PRRT_1" }],
    ["EditReviewComment", { comment: "PRRC_1", body: "Fixed" }],
  ]);
});
