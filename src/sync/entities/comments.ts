import { z } from "zod";
import { IssueCommentBody, issueCommentFacts } from "../../facts/issue-comment.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import type { Absence } from "../../store/sync/absence.js";
import { distinct } from "../distinct.js";
import type { Page, Reading, Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { countedComments } from "../read-comments.js";
import { scopeOf } from "../scope.js";
import { storableJson } from "../../text/storable.js";

const Comments = z.array(IssueCommentBody.extend({ issue_url: z.string() }));

/** The first page of a full reading: the newest comments, so that useful rows arrive first. */
const Latest = z.object({ latest: z.literal(true) });
/** The position in the list: the time of the last change, and the page within it if one second fills several pages. */
const ResumePoint = z.object({ since: z.string(), page: z.int() });
/** The position after the list: the next conversation whose comments are counted. */
const Counting = z.object({ countFrom: z.int() });
const Cursor = z.union([ResumePoint, Counting, Latest]);
type Cursor = z.infer<typeof Cursor>;

/**
 * Comments of issues and pull requests. One REST request returns a hundred comments across the repository; GraphQL
 * would need one connection for each conversation. A full reading begins with the newest hundred. If there are more, it
 * continues from the oldest by time of change, so that comments that come and go in between are not missed. Deletions
 * are found at the end: in a full reading as unseen comments, otherwise as conversations with fewer comments than
 * stored.
 */
export const comments: Unit = {
  name: "comments",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  read(reading) {
    const { cursor, since } = reading.cursor;
    const resumePoint: Cursor =
      cursor !== null
        ? Cursor.parse(JSON.parse(cursor))
        : since === null
          ? { latest: true }
          : { since: since.toISOString(), page: 1 };
    if ("latest" in resumePoint) return latest(reading);
    return "countFrom" in resumePoint
      ? count(reading, since ?? BEGINNING, resumePoint.countFrom)
      : list(reading, resumePoint);
  },
};

const BEGINNING = new Date(0);

async function latest(reading: Reading): Promise<Page> {
  const page = await ask(reading, { direction: "desc", page: 1 });
  if (page.rows < reading.pageSize) return { ...page, next: null, absences: [notSeen(reading)] };
  return { ...page, next: storableJson({ since: BEGINNING.toISOString(), page: 1 }) };
}

async function list(reading: Reading, resumePoint: z.infer<typeof ResumePoint>): Promise<Page> {
  const page = await ask(reading, { direction: "asc", ...resumePoint });
  if (page.last !== null && page.rows === reading.pageSize)
    return { ...page, next: storableJson(after(resumePoint, page.last)) };
  if (reading.cursor.since !== null) return { ...page, next: storableJson({ countFrom: 0 }) };
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
    /** The time of change of the last comment on the page. */
    last: bodies.at(-1)?.updated_at ?? null,
  };
}

/** A full reading has seen every existing comment. */
function notSeen(reading: Reading): Absence {
  const notSeenSince = reading.cursor.started_at ?? reading.observedAt;
  return { table: "issue_comments", repositoryId: repositoryOf(reading).id, notSeenSince };
}

async function count(reading: Reading, since: Date, from: number): Promise<Page> {
  const { facts, absences, next } = await countedComments(reading, repositoryOf(reading), since, from);
  return { facts, absences, rows: 0, total: null, next: next === null ? null : storableJson({ countFrom: next }) };
}

function after(resumePoint: z.infer<typeof ResumePoint>, last: string): z.infer<typeof ResumePoint> {
  return last > resumePoint.since ? { since: last, page: 1 } : { since: resumePoint.since, page: resumePoint.page + 1 };
}

/** The number of the conversation, which REST gives only as part of an address. */
function numberOf(issueUrl: string): number {
  return z.coerce
    .number()
    .int()
    .parse(issueUrl.slice(issueUrl.lastIndexOf("/") + 1));
}
