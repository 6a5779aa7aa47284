import { z } from "zod";
import { IssueCommentBody, issueCommentFacts } from "../../facts/issue-comment.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { distinct } from "../distinct.js";
import type { Page, Reading, Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { countedComments } from "../read-comments.js";
import { scopeOf } from "../scope.js";

const Comments = z.array(IssueCommentBody.extend({ issue_url: z.string() }));

/** Where a list goes on: what changed since a time, and the page of it where one second fills several. */
const Place = z.object({ since: z.string(), page: z.int() });
/** Behind the list: which conversation's comments are counted next. */
const Counting = z.object({ countFrom: z.int() });
const Cursor = z.union([Place, Counting]);

/**
 * Comments of issues and of pull requests' conversations. By REST a request gives a hundred of them all over the
 * repository, where GraphQL takes a connection for each conversation. They are read by what changed since the last of
 * the page before, so that nothing is missed when comments come and go meanwhile. Deletions show at the end: in a
 * reading of everything as what was not seen, else as conversations that have fewer comments than are stored.
 */
export const comments: Unit = {
  name: "comments",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  read(reading) {
    const { cursor, since } = reading.cursor;
    const place =
      cursor === null ? { since: (since ?? new Date(0)).toISOString(), page: 1 } : Cursor.parse(JSON.parse(cursor));
    return "countFrom" in place ? count(reading, since ?? new Date(0), place.countFrom) : list(reading, place);
  },
};

async function list(reading: Reading, place: z.infer<typeof Place>): Promise<Page> {
  const repository = repositoryOf(reading);
  const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/issues/comments", {
    owner: repository.owner,
    repo: repository.name,
    sort: "updated",
    direction: "asc",
    per_page: reading.pageSize,
    page: place.page,
    since: place.since,
  });
  const bodies = Comments.parse(data);
  const facts = distinct(
    bodies.flatMap((body) => issueCommentFacts(body, numberOf(body.issue_url), scopeOf(reading, repository))),
  );
  const page = { facts, rows: bodies.length, total: null };
  const last = bodies.at(-1);
  if (last && bodies.length === reading.pageSize)
    return { ...page, next: JSON.stringify(after(place, last.updated_at)) };
  if (reading.cursor.since !== null) return { ...page, next: JSON.stringify({ countFrom: 0 }) };
  const notSeenSince = reading.cursor.started_at ?? reading.observedAt;
  return { ...page, next: null, absences: [{ table: "issue_comments", repositoryId: repository.id, notSeenSince }] };
}

async function count(reading: Reading, since: Date, from: number): Promise<Page> {
  const { facts, absences, next } = await countedComments(reading, repositoryOf(reading), since, from);
  return { facts, absences, rows: 0, total: null, next: next === null ? null : JSON.stringify({ countFrom: next }) };
}

function after(place: z.infer<typeof Place>, last: string): z.infer<typeof Place> {
  return last > place.since ? { since: last, page: 1 } : { since: place.since, page: place.page + 1 };
}

/** The number of the conversation: REST names it by its address alone. */
function numberOf(issueUrl: string): number {
  return z.coerce
    .number()
    .int()
    .parse(issueUrl.slice(issueUrl.lastIndexOf("/") + 1));
}
