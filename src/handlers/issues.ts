import { z } from "zod";
import { type Departure, IssueBody, issueFacts } from "../facts/issue.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({
  issue: IssueBody,
  changes: z
    .object({
      new_issue: z.object({ number: z.number() }).nullish(),
      new_repository: z.object({ full_name: z.string() }).nullish(),
    })
    .nullish(),
});
type Payload = z.infer<typeof Payload>;

export const issues = defineHandler({
  on: "issues",
  actions: [
    "assigned",
    "closed",
    "deleted",
    "demilestoned",
    "edited",
    "labeled",
    "locked",
    "milestoned",
    "opened",
    "pinned",
    "reopened",
    "transferred",
    "typed",
    "unassigned",
    "unlabeled",
    "unlocked",
    "unpinned",
    "untyped",
  ],
  payload: Payload,
  subject: ({ issue }) => `issue:${issue.number}`,
  skipWhen: [],
  facts: (payload) => [
    ...surroundings(payload, payload.issue.updated_at),
    ...issueFacts(payload.issue, scopeOf(payload), departure(payload)),
  ],
  jobs: () => [],
});

/** A transferred issue opens in its new repository with another id; here it is deleted. */
function departure({ action, changes }: Payload): Departure | null {
  if (action === "deleted") return { transferredTo: null };
  if (action !== "transferred") return null;
  const { new_issue: issue, new_repository: repository } = changes ?? {};
  return { transferredTo: issue && repository ? `${repository.full_name}#${issue.number}` : null };
}
