import { z } from "zod";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { GET_COMMIT_DETAILS } from "../../github/queries/get-commit-details.js";
import { ask } from "../../github/queries/query.js";
import type { Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { commitNodeFact } from "../map/commit.js";
import { scopeOf } from "../scope.js";

/** Where the history goes on, the head that it began with, and the commit behind which everything is stored. */
const Cursor = z.object({ after: z.string().nullable(), head: z.string().nullable(), until: z.string().nullable() });
type Cursor = z.infer<typeof Cursor>;

const BEGINNING: Cursor = { after: null, head: null, until: null };

/** Reads the history down to a commit behind which everything is stored; to its end when that is not in it any more. */
export function downTo(until: string): string {
  return JSON.stringify({ ...BEGINNING, until });
}

/** Whether a reading that stands there goes to the history's end. */
export function reachesBack(cursor: string | null): boolean {
  return cursor === null || Cursor.parse(JSON.parse(cursor)).until === null;
}

/**
 * Commits of the default branch, the latest first. An empty repository has none. That a commit is stored says nothing
 * about those behind it, as pushes can be lost: a reading ends only at a head that was read from before.
 */
export const commits: Unit = {
  name: "commits",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "never",
  async read(reading) {
    const repository = repositoryOf(reading);
    const place = reading.cursor.cursor === null ? BEGINNING : Cursor.parse(JSON.parse(reading.cursor.cursor));
    const answer = await ask(reading.client, GET_COMMIT_DETAILS, {
      repositoryId: repository.nodeId,
      pageSize: reading.pageSize,
      cursor: place.after,
    });
    const history = present(answer.data.repository, answer, "the repository").defaultBranchRef?.target?.history;
    if (!history) return { facts: [], rows: 0, total: 0, next: null };
    const head = place.head ?? history.nodes[0]?.oid ?? null;
    const reached = history.nodes.some(({ oid }) => oid === place.until);
    const { hasNextPage, endCursor } = history.pageInfo;
    const next: Cursor = { after: endCursor, head, until: place.until };
    return {
      facts: history.nodes.map((node) => commitNodeFact(node, scopeOf(reading, repository))),
      rows: history.nodes.length,
      total: place.until === null ? history.totalCount : null,
      next: hasNextPage && !reached ? JSON.stringify(next) : null,
      mark: head,
    };
  },
};
