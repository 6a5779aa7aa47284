import { z } from "zod";
import { Actor } from "./actor.js";
import { LabelNode } from "./label.js";
import { bigId, connection, instant, text } from "./scalars.js";

export const IssueNode = z.object({
  id: z.string(),
  fullDatabaseId: bigId,
  number: z.number().int(),
  title: text,
  body: text,
  state: z.enum(["OPEN", "CLOSED"]),
  stateReason: z.string().nullable(),
  locked: z.boolean(),
  authorAssociation: z.string(),
  author: Actor.nullable(),
  milestone: z.object({ title: text }).nullable(),
  closedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
  labels: connection(LabelNode).nullable(),
  assignees: connection(Actor),
});
export type IssueNode = z.infer<typeof IssueNode>;

export type IssueVariables = {
  readonly nested: number;
  readonly labelsAfter: string | null;
  readonly assigneesAfter: string | null;
};

export const FIRST_OF_ISSUE: IssueVariables = { nested: 10, labelsAfter: null, assigneesAfter: null };
