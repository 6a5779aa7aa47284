import type { Fact } from "../../facts/fact.js";
import { repositoryFact } from "../../facts/repository.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { type ActivityNode, GET_ORG_ACTIVITY } from "../../github/queries/get-org-activity.js";
import { ask } from "../../github/queries/query.js";
import { renamedRepositories } from "../../store/repositories/renamed.js";
import { type NewCursor, NO_REPOSITORY } from "../../store/sync/cursors.js";
import { awaitedLists } from "../../store/sync/awaited.js";
import { type StoredActivity, storedActivity, storedHeads } from "../../store/sync/stored-activity.js";
import { type Listed, mayBeStale, staleOf } from "../../store/sync/stored-versions.js";
import type { Reading, Unit } from "../entity.js";
import { downTo } from "../entities/commits.js";
import { rowOf } from "../entities/repository.js";
import { present } from "../gone.js";
import { FIRST_PAGE, readRepository } from "./repositories.js";

/** How many of a repository's latest deployments and releases are compared. The number does not change the points. */
const RECENT = 25;

/** A reconciliation checks every repository once in this many nights. */
const NIGHTS = 7;
const DAY_MS = 86_400_000;

/** Runs after all new rows are stored. A reconciliation has read the list before. */
const SELECTION: NewCursor = {
  repositoryId: NO_REPOSITORY,
  entity: "selection",
  position: 2,
  since: null,
  total: null,
};
const CHECKS: NewCursor = { ...SELECTION, entity: "checks" };

/**
 * Finds changes in the account's repositories, a hundred for each request: heads of default branches, deployments and
 * releases by version, and deletions by counts. The search finds changed pull requests and issues.
 */
export const activity: Unit = {
  name: "activity",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "never",
  async read(reading) {
    const answer = await ask(reading.client, GET_ORG_ACTIVITY, {
      login: reading.account,
      pageSize: reading.pageSize,
      cursor: reading.cursor.cursor,
      recent: RECENT,
    });
    const page = present(answer.data.repositoryOwner, answer, reading.account).repositories;
    const compared = await compare(
      reading,
      page.nodes.filter(({ nameWithOwner }) => reading.allows(nameWithOwner)),
    );
    const next = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    const behind = reading.mode === "incremental" ? [SELECTION, CHECKS] : [CHECKS];
    // A list that is being read completely differs until it is done; comparing it now would read it twice.
    const awaited = await awaitedLists(
      reading.sql,
      reading.installationId,
      page.nodes.map(({ databaseId }) => databaseId),
    );
    const renamed = await renamedRows(reading, page.nodes);
    const found = [...renamed, ...compared.found].filter(
      ({ repositoryId, entity }) => !awaited.has(repositoryId, listOf(entity)),
    );
    return {
      facts: compared.facts,
      found: next === null ? [...behind, ...found] : found,
      rows: page.nodes.length,
      total: page.totalCount,
      next,
    };
  },
};

/** The excluded repositories whose stored name is out of date: their rows are read. */
async function renamedRows(reading: Reading, nodes: readonly ActivityNode[]): Promise<readonly NewCursor[]> {
  const { sql, installationId, allows, cursor } = reading;
  const denied = nodes.flatMap(({ databaseId: id, nameWithOwner: full_name }) =>
    allows(full_name) ? [] : [{ id, full_name }],
  );
  return [...(await renamedRepositories(sql, installationId, denied))].map((id) => rowOf(id, cursor.rows));
}

async function compare(
  reading: Reading,
  nodes: readonly ActivityNode[],
): Promise<{ readonly facts: readonly Fact[]; readonly found: readonly NewCursor[] }> {
  const { sql, installationId } = reading;
  const ids = nodes.map(({ databaseId }) => databaseId);
  const stored = await storedActivity(sql, installationId, ids);
  const heads = await storedHeads(sql, installationId, ids);
  const deployments = await staleIds(reading, "deployments", nodes);
  const releases = await staleIds(reading, "releases", nodes);
  const facts: Fact[] = [];
  const found: NewCursor[] = [];
  for (const [index, node] of nodes.entries()) {
    const row = stored.get(node.databaseId);
    const position = reading.cursor.rows + index;
    if (!row) {
      // GitHub shows every public repository, so only the installation's own list proves access.
      if (node.isPrivate) found.push({ ...SELECTION, cursor: FIRST_PAGE });
      continue;
    }
    if (moved(node, row)) {
      const body = await readRepository(reading, node.databaseId);
      if (body === "unreadable") found.push(rowOf(node.databaseId, position));
      else if (body !== "gone") facts.push(repositoryFact(body, { observedAt: reading.observedAt.toISOString() }));
    }
    const whole = (entity: string): NewCursor => ({
      repositoryId: node.databaseId,
      entity,
      position,
      since: null,
      total: null,
    });
    const add = (entity: string, since: Date | null): void => void found.push({ ...whole(entity), since });
    const { since } = reading.cursor;
    const turn = reading.mode === "reconcile" && isItsTurn(node.databaseId, reading.observedAt);
    const head = node.defaultBranchRef?.target?.oid;
    const known = heads.get(node.databaseId);
    if (head !== undefined && head !== known)
      found.push({ ...whole("commits"), ...(known !== undefined && { cursor: downTo(known, head) }) });
    if (turn || node.deployments.totalCount !== row.deployments) add("deployments", null);
    else if (deployments.has(node.databaseId)) add("deployments", since);
    if (turn || node.releases.totalCount !== row.releases) add("releases", null);
    else if (releases.has(node.databaseId)) add("releases", since);
    if (turn || node.pullRequests.totalCount !== row.pull_requests) add("pull_request_ids", null);
    if (turn || node.issues.totalCount !== row.issues) add("issue_ids", null);
    if (turn) add("comments", null);
    if (turn) add("labels", null);
  }
  return { facts, found };
}

/** The repositories with items of a kind that differ from the rows. */
async function staleIds(
  { sql }: Reading,
  kind: "deployments" | "releases",
  nodes: readonly ActivityNode[],
): Promise<ReadonlySet<number>> {
  const listed = nodes.flatMap((node) =>
    (node[kind].nodes ?? []).map(({ databaseId, updatedAt }): Listed & { readonly repositoryId: number } => ({
      id: databaseId,
      updatedAt,
      repositoryId: node.databaseId,
    })),
  );
  return new Set((await staleOf(sql, kind, listed)).map(({ repositoryId }) => repositoryId));
}

function moved(node: ActivityNode, row: StoredActivity): boolean {
  return (
    node.nameWithOwner !== row.full_name ||
    mayBeStale(row, node.updatedAt) ||
    (node.pushedAt ?? "") > (row.pushed_at?.toISOString() ?? "")
  );
}

/** The lists that an inventory compares. */
function listOf(entity: string): string {
  if (entity === "pull_request_ids") return "pull_requests";
  return entity === "issue_ids" ? "issues" : entity;
}

function isItsTurn(repositoryId: number, now: Date): boolean {
  return repositoryId % NIGHTS === Math.floor(now.getTime() / DAY_MS) % NIGHTS;
}
