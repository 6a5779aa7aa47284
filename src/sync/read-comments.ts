import { z } from "zod";
import type { Fact } from "../facts/fact.js";
import { IssueCommentBody, issueCommentFacts } from "../facts/issue-comment.js";
import { COUNT_COMMENTS } from "../github/queries/count-comments.js";
import { LARGEST_PAGE } from "../github/queries/floor.js";
import { ask } from "../github/queries/query.js";
import type { Absence } from "../store/sync/absence.js";
import { changedConversations } from "../store/sync/stored-activity.js";
import type { Reading, SyncedRepository } from "./entity.js";
import { scopeOf } from "./scope.js";

const Comments = z.array(IssueCommentBody);

export interface ReadComments {
  readonly facts: readonly Fact[];
  readonly absences: readonly Absence[];
}

/** Every comment of one conversation. Other stored comments of it were deleted. */
export async function conversationComments(
  reading: Reading,
  repository: SyncedRepository,
  number: number,
): Promise<ReadComments> {
  const bodies: IssueCommentBody[] = [];
  const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const parameters = { owner: repository.owner, repo: repository.name, issue_number: number };
  for await (const page of reading.client.pages(route, parameters)) bodies.push(...Comments.parse(page));
  return {
    facts: bodies.flatMap((body) => issueCommentFacts(body, number, scopeOf(reading, repository))),
    absences: [
      {
        table: "issue_comments",
        repositoryId: repository.id,
        issueNumber: number,
        present: bodies.map(({ id }) => id),
      },
    ],
  };
}

/** Counts the comments of up to a hundred changed conversations, and reads those whose count differs from the rows. */
export async function countedComments(
  reading: Reading,
  repository: SyncedRepository,
  since: Date,
  from: number,
): Promise<ReadComments & { readonly next: number | null }> {
  const changed = (await changedConversations(reading.sql, repository.id, since)).filter(
    ({ number }) => number >= from,
  );
  const some = changed.slice(0, LARGEST_PAGE);
  const next = changed[LARGEST_PAGE]?.number ?? null;
  if (some.length === 0) return { facts: [], absences: [], next };
  const answer = await ask(reading.client, COUNT_COMMENTS, { ids: some.map(({ node_id }) => node_id) });
  const counts = new Map(answer.data.nodes.flatMap((node) => (node ? [[node.id, node.comments.totalCount]] : [])));
  const facts: Fact[] = [];
  const absences: Absence[] = [];
  for (const { node_id, number, comments } of some) {
    const total = counts.get(node_id);
    if (total === undefined || total === comments) continue;
    const read = await conversationComments(reading, repository, number);
    facts.push(...read.facts);
    absences.push(...read.absences);
  }
  return { facts, absences, next };
}
