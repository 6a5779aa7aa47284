import { z } from "zod";
import { EmptyRepositoryError, GoneError } from "../../errors.js";
import { CommitBody, commitFact } from "../../facts/commit.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { GET_COMMIT_DETAILS } from "../../github/queries/get-commit-details.js";
import { ask } from "../../github/queries/query.js";
import type { Page, Reading, Unit } from "../entity.js";
import { present, repositoryOf } from "../gone.js";
import { commitNodeFact } from "../map/commit.js";
import { scopeOf } from "../scope.js";
import { storableJson } from "../../text/storable.js";

/** The position in the history, and the head at which it began. */
const History = z.object({ after: z.string().nullable(), head: z.string().nullable() });
type History = z.infer<typeof History>;
/** The commits of one head that another head lacks, and how much of them is read. */
const Difference = z.object({ from: z.string(), to: z.string(), read: z.int() });
type Difference = z.infer<typeof Difference>;
const Cursor = z.union([Difference, History]);

/** An octopus merge rarely has more parents. They cost no points. */
const PARENTS = 10;

const BEGINNING: History = { after: null, head: null };

/** Reads the commits of `head` down to a commit whose ancestors are all stored. */
export function downTo(known: string, head: string): string {
  return storableJson({ from: known, to: head, read: 0 } satisfies Difference);
}

/** Whether a reading with this position continues to the end of the history. */
export function reachesBack(cursor: string | null): boolean {
  return cursor === null || !("from" in Cursor.parse(JSON.parse(cursor)));
}

/**
 * Commits of the default branch. The first reading takes the whole history, newest first. A later reading takes the
 * commits between the previous head and the current one. Stopping at the first stored commit would be wrong: history is
 * ordered by time, and a late merge brings commits behind stored ones.
 */
export const commits: Unit = {
  name: "commits",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "never",
  read(reading) {
    const { cursor } = reading.cursor;
    const resumePoint = cursor === null ? BEGINNING : Cursor.parse(JSON.parse(cursor));
    return "from" in resumePoint ? difference(reading, resumePoint) : history(reading, resumePoint);
  },
};

async function history(reading: Reading, resumePoint: History): Promise<Page> {
  const repository = repositoryOf(reading);
  const answer = await ask(reading.client, GET_COMMIT_DETAILS, {
    repositoryId: repository.nodeId,
    pageSize: reading.pageSize,
    parents: PARENTS,
    cursor: resumePoint.after,
  });
  const page = present(answer.data.repository, answer, "the repository").defaultBranchRef?.target?.history;
  if (!page) return { facts: [], rows: 0, total: 0, next: null };
  const head = resumePoint.head ?? page.nodes[0]?.oid ?? null;
  const { hasNextPage, endCursor } = page.pageInfo;
  return {
    facts: page.nodes.map((node) => commitNodeFact(node, scopeOf(reading, repository))),
    rows: page.nodes.length,
    total: page.totalCount,
    next: hasNextPage ? storableJson({ after: endCursor, head } satisfies History) : null,
    mark: head,
  };
}

const Compared = z.object({ total_commits: z.int(), commits: z.array(CommitBody) });

async function difference(reading: Reading, resumePoint: Difference): Promise<Page> {
  const repository = repositoryOf(reading);
  const compared = await compare(reading, resumePoint);
  // One of the two commits no longer exists after a forced push, or there is no commit at all: read the history.
  if (!compared) return { facts: [], rows: 0, total: null, next: storableJson(BEGINNING) };
  const { commits: bodies, total_commits: total } = compared;
  const read = resumePoint.read + bodies.length;
  return {
    facts: bodies.map((body) => commitFact(body, scopeOf(reading, repository))),
    rows: bodies.length,
    total,
    next: read >= total || bodies.length === 0 ? null : storableJson({ ...resumePoint, read } satisfies Difference),
    mark: resumePoint.to,
  };
}

async function compare(reading: Reading, { from, to, read }: Difference) {
  const { owner, name: repo } = repositoryOf(reading);
  let size = reading.pageSize;
  while (read % size !== 0) size -= 1;
  try {
    const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/compare/{basehead}", {
      owner,
      repo,
      basehead: `${from}...${to}`,
      per_page: size,
      page: read / size + 1,
    });
    return Compared.parse(data);
  } catch (error) {
    if (error instanceof GoneError || error instanceof EmptyRepositoryError) return null;
    throw error;
  }
}
