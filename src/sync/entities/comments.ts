import { z } from "zod";
import { IssueCommentBody, issueCommentFacts } from "../../facts/issue-comment.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import type { Absence } from "../../store/sync/absence.js";
import { distinct } from "../distinct.js";
import type { Page, Reading, Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { countedComments } from "../read-comments.js";
import { scopeOf } from "../scope.js";

const Comments = z.array(IssueCommentBody.extend({ issue_url: z.string() }));

/** The first page of everything: the latest, so that what is useful arrives at once. */
const Latest = z.object({ latest: z.literal(true) });
/** Where a list goes on: what changed since a time, and the page of it where one second fills several. */
const Place = z.object({ since: z.string(), page: z.int() });
/** Behind the list: which conversation's comments are counted next. */
const Counting = z.object({ countFrom: z.int() });
const Cursor = z.union([Place, Counting, Latest]);
type Cursor = z.infer<typeof Cursor>;

/**
 * Comments of issues and of pull requests' conversations. By REST a request gives a hundred of them all over the
 * repository, where GraphQL takes a connection for each conversation. A reading of everything begins with the latest
 * hundred; if there are more, they are read from the oldest on, by what changed since the last of the page before, so
 * that nothing is missed when comments come and go meanwhile. Deletions show at the end: in a reading of everything as
 * what was not seen, else as conversations that have fewer comments than are stored.
 */
export const comments: Unit = {
  name: "comments",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  read(reading) {
    const { cursor, since } = reading.cursor;
    const place: Cursor =
      cursor !== null
        ? Cursor.parse(JSON.parse(cursor))
        : since === null
          ? { latest: true }
          : { since: since.toISOString(), page: 1 };
    if ("latest" in place) return latest(reading);
    return "countFrom" in place ? count(reading, since ?? BEGINNING, place.countFrom) : list(reading, place);
  },
};

const BEGINNING = new Date(0);

async function latest(reading: Reading): Promise<Page> {
  const page = await ask(reading, { direction: "desc", page: 1 });
  if (page.rows < reading.pageSize) return { ...page, next: null, absences: [notSeen(reading)] };
  return { ...page, next: JSON.stringify({ since: BEGINNING.toISOString(), page: 1 }) };
}

async function list(reading: Reading, place: z.infer<typeof Place>): Promise<Page> {
  const page = await ask(reading, { direction: "asc", ...place });
  if (page.last !== null && page.rows === reading.pageSize)
    return { ...page, next: JSON.stringify(after(place, page.last)) };
  if (reading.cursor.since !== null) return { ...page, next: JSON.stringify({ countFrom: 0 }) };
  return { ...page, next: null, absences: [notSeen(reading)] };
}

async function ask(
  reading: Reading,
  which: { readonly direction: "asc" | "desc"; readonly page: number; readonly since?: string },
) {
  const repository = repositoryOf(reading);
  const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/issues/comments", {
    owner: repository.owner,
    repo: repository.name,
    sort: "updated",
    per_page: reading.pageSize,
    ...which,
  });
  const bodies = Comments.parse(data);
  const scope = scopeOf(reading, repository);
  return {
    facts: distinct(bodies.flatMap((body) => issueCommentFacts(body, numberOf(body.issue_url), scope))),
    rows: bodies.length,
    total: null,
    /** When the last of the page changed. */
    last: bodies.at(-1)?.updated_at ?? null,
  };
}

/** A reading of everything has seen every comment that there is. */
function notSeen(reading: Reading): Absence {
  const notSeenSince = reading.cursor.started_at ?? reading.observedAt;
  return { table: "issue_comments", repositoryId: repositoryOf(reading).id, notSeenSince };
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
