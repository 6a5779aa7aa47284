import { LARGEST_PAGE } from "../../github/queries/floor.js";
import { GET_PULL_REQUEST_CHECKS } from "../../github/queries/get-pull-request-checks.js";
import { ask } from "../../github/queries/query.js";
import { type UnsettledPullRequest, unsettledPullRequests } from "../../store/sync/checks.js";
import { readIsolated } from "../isolate.js";
import type { Unit } from "../entity.js";
import { mirroredByNumber } from "../visible.js";

/**
 * The number of pull requests checked in one sync, so that an idle sync stays cheap (five points). The next sync
 * continues after them.
 */
const MOST = 500;
/** Pull requests that changed this recently may have new or repeated checks. */
const RECENT_MS = 86_400_000;

/**
 * The check results of open pull requests. A new result changes no version, so searches and lists do not show it. Reads
 * those whose checks had not ended and those changed within a day, in turn if there are many.
 */
export const checks: Unit = {
  name: "checks",
  largestPage: LARGEST_PAGE,
  adaptive: true,
  stops: "never",
  async read(reading) {
    const { cursor, mark, rows } = reading.cursor;
    const since = new Date(reading.observedAt.getTime() - RECENT_MS);
    const found = await unsettledPullRequests(reading.sql, reading.installationId, {
      after: Number(cursor ?? mark ?? 0),
      since,
      limit: reading.pageSize,
    });
    const last = found.at(-1);
    if (!last) return { facts: [], rows: 0, total: null, next: null, mark: BEGINNING };
    const repositories = await mirroredByNumber(reading);
    const ours = found.filter(({ repository_id: id }) => repositories.has(id));
    const { read, bad } = await readIsolated(ours, homeOf, async (some) => {
      const ids = some.map(({ node_id }) => node_id);
      return (await ask(reading.client, GET_PULL_REQUEST_CHECKS, { ids })).data.nodes;
    });
    const nodes = read.flat();
    const end = found.length < reading.pageSize;
    return {
      facts: [],
      found: bad.map((repositoryId) => ({ repositoryId, entity: "pull_requests", position: 0, since, total: null })),
      checks: nodes.flatMap((node) =>
        node === null
          ? []
          : {
              pullRequestId: node.fullDatabaseId,
              checksState: node.statusCheckRollup?.state.toLowerCase() ?? null,
            },
      ),
      rows: found.length,
      total: null,
      next: end || rows + found.length >= MOST ? null : String(last.id),
      mark: end ? BEGINNING : String(last.id),
    };
  },
};

const BEGINNING = "0";
const homeOf = ({ repository_id: id }: UnsettledPullRequest): number => id;
