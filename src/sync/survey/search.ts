import { z } from "zod";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { ask } from "../../github/queries/query.js";
import { type FoundConversation, SEARCH_PULL_REQUESTS } from "../../github/queries/search-pull-requests.js";
import { type NewCursor, NO_REPOSITORY } from "../../store/sync/cursors.js";
import { staleOf } from "../../store/sync/stored-versions.js";
import { isAnswering } from "../answering.js";
import { isAboutOne, readIsolated } from "../isolate.js";
import type { Page, Reading, Unit } from "../entity.js";
import { issuesById, pullRequestsById, type Repositories } from "../read-conversations.js";
import { mayBeTooLarge } from "../run/page-size.js";
import { mirroredByNumber } from "../visible.js";
import { atSecond, MOST_RESULTS, searchFor, split, Window } from "./windows.js";
import { storableJson } from "../../text/storable.js";

/** The remaining windows, the position in the first of them, and the most items seen in it. */
const Cursor = z.object({ windows: z.array(Window), after: z.string().nullable(), most: z.int().default(0) });
type Cursor = z.infer<typeof Cursor>;

/**
 * Searches the account for changed pull requests and issues, and finds those that differ from the rows. Editing a
 * closed one counts as a change.
 */
export const search: Unit = {
  name: "search",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "never",
  async read(reading) {
    const cursor = cursorOf(reading);
    const [window, ...later] = cursor.windows;
    if (!window) return { facts: [], rows: 0, total: null, next: null, found: [behind(reading)] };
    const answer = await ask(reading.client, SEARCH_PULL_REQUESTS, {
      search: searchFor(reading.account, window),
      pageSize: reading.pageSize,
      cursor: cursor.after,
    });
    const { issueCount, nodes, pageInfo } = answer.data.search;
    const halves = issueCount >= MOST_RESULTS && cursor.after === null ? split(window) : null;
    if (halves)
      return { facts: [], rows: 0, total: null, next: write({ windows: [...halves, ...later], after: null, most: 0 }) };

    const repositories = await mirroredByNumber(reading);
    const read = await readStale(reading, repositories, nodes);
    const cut = issueCount >= MOST_RESULTS && !pageInfo.hasNextPage;
    const most = Math.max(cursor.most, issueCount);
    // A search pages by offset: when an item leaves the window meanwhile, another one can be skipped at a page
    // boundary.
    const left = cursor.after !== null && issueCount < most;
    const next = pageInfo.hasNextPage
      ? { windows: cursor.windows, after: pageInfo.endCursor, most }
      : { windows: left ? cursor.windows : later, after: null, most: 0 };
    const last = next.windows.length === 0;
    return {
      ...read,
      found: [
        ...read.found,
        ...(cut ? everyConversation(reading, repositories) : []),
        ...(last ? [behind(reading)] : []),
      ],
      rows: nodes.length,
      total: null,
      next: last ? null : write(next),
    };
  },
};

/** The comparison by counts follows: new rows are stored by then, so a different count means a deletion. */
function behind({ cursor: { since } }: Reading): NewCursor {
  return { repositoryId: NO_REPOSITORY, entity: "activity", position: 1, since, total: null };
}

async function readStale(
  reading: Reading,
  repositories: Repositories,
  nodes: readonly FoundConversation[],
): Promise<Pick<Page, "facts" | "extras"> & { readonly found: readonly NewCursor[] }> {
  const ours = nodes
    .filter(({ repository }) => repositories.has(repository.databaseId))
    .map((node) => ({ ...node, nodeId: node.id, id: node.fullDatabaseId }));
  const of = (type: FoundConversation["__typename"]) => ours.filter((node) => node.__typename === type);
  const pulls = await staleOf(reading.sql, "pull_requests", of("PullRequest"));
  const issues = await staleOf(reading.sql, "issues", of("Issue"));
  // The page cannot be smaller. If GitHub responds to other requests, it cannot answer this one.
  const isOne = async (error: unknown): Promise<boolean> =>
    isAboutOne(error) ||
    (reading.pageSize === 1 && mayBeTooLarge(error) && (await isAnswering(reading.client, reading.account)));
  const pullsOf = (some: readonly Stale[]) => pullRequestsById(reading, repositories, some.map(nodeIdOf));
  const readPulls = await readIsolated(pulls, homeOf, pullsOf, isOne);
  const issuesOf = (some: readonly Stale[]) => issuesById(reading, repositories, some.map(nodeIdOf));
  const readIssues = await readIsolated(issues, homeOf, issuesOf, isOne);
  const { since } = reading.cursor;
  const commented = new Set([...pulls, ...issues].map(({ repository }) => repository.databaseId));
  return {
    facts: [...readPulls.read.flatMap(({ facts }) => facts), ...readIssues.read.flat()],
    extras: readPulls.read.flatMap(({ extras }) => extras),
    // Reading the repository's own list shows its problem, or succeeds if the problem was temporary.
    found: [
      ...[...commented].map(listOf("comments")),
      ...readPulls.bad.map(listOf("pull_requests")),
      ...readIssues.bad.map(listOf("issues")),
    ],
  };

  function listOf(entity: string) {
    return (repositoryId: number): NewCursor => ({ repositoryId, entity, position: 0, since, total: null });
  }
}

type Stale = Pick<FoundConversation, "repository"> & { readonly nodeId: string };
const homeOf = ({ repository }: Stale): number => repository.databaseId;
const nodeIdOf = ({ nodeId }: Stale): string => nodeId;

/** More items changed in one second than a search can show, so each repository is read for all such seconds. */
function everyConversation({ cursor: { since } }: Reading, repositories: Repositories): NewCursor[] {
  return [...repositories.keys()].flatMap((repositoryId) =>
    ["pull_requests", "issues"].map((entity) => ({ repositoryId, entity, position: 0, since, total: null })),
  );
}

function cursorOf({ cursor, observedAt }: Reading): Cursor {
  if (cursor.cursor !== null) return Cursor.parse(JSON.parse(cursor.cursor));
  const from = atSecond(cursor.since?.getTime() ?? 0);
  // GitHub's clock may be ahead of ours.
  const to = atSecond(observedAt.getTime() + AHEAD_MS);
  return { windows: [{ from, to, kind: "any" }], after: null, most: 0 };
}

const AHEAD_MS = 3_600_000;

const write = (cursor: Cursor): string => storableJson(cursor);
