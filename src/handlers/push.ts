import { z } from "zod";
import { PushBody, kindOfPush, pushFacts, refTypeOf } from "../facts/push.js";
import { RepositoryBody } from "../facts/repository.js";
import { instant } from "../facts/scalars.js";
import { Author } from "../facts/user.js";
import { scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = PushBody.extend({
  repository: RepositoryBody.extend({ pushed_at: instant }),
  sender: Author,
});
type Payload = z.infer<typeof Payload>;

export const push = defineHandler({
  on: "push",
  actions: null,
  payload: Payload,
  subject: ({ ref }) => `push:${ref}`,
  skipWhen: [
    {
      id: "tag",
      reason: "a tag is not a deployment",
      applies: ({ ref }) => refTypeOf(ref) === "tag",
    },
    {
      id: "other-ref",
      reason: "the ref is neither a branch nor a tag",
      applies: ({ ref }) => refTypeOf(ref) === "other",
    },
    {
      id: "branch-deleted",
      reason: "the branch was deleted",
      applies: (payload) => kindOfPush(payload) === "branch-deleted",
    },
  ],
  facts: (payload) => [...surroundings(payload, payload.repository.pushed_at), ...pushFacts(payload, scopeOf(payload))],
  jobs: (payload) =>
    isDefaultBranch(payload)
      ? [{ name: "deployment", payload: { repositoryId: payload.repository.id, sha: payload.after } }]
      : [],
});

function isDefaultBranch({ ref, repository }: Payload): boolean {
  return ref === `refs/heads/${repository.default_branch ?? ""}`;
}
