import { z } from "zod";
import { floorOf, LARGEST_PAGE, tradeOf } from "../../src/github/queries/floor.js";
import { GET_COMMIT_DETAILS } from "../../src/github/queries/get-commit-details.js";
import { GET_ORG_REPOSITORIES } from "../../src/github/queries/get-org-repositories.js";
import { GET_REPOSITORY_ISSUES } from "../../src/github/queries/get-repository-issues.js";
import { GET_REPOSITORY_WITH_PRS } from "../../src/github/queries/get-repository-with-prs.js";
import { FIRST_OF_ISSUE } from "../../src/github/queries/issue.js";
import { costOf } from "../../src/github/queries/points.js";
import { FIRST_OF_PULL_REQUEST } from "../../src/github/queries/pull-request.js";
import type { Store } from "../../src/store/store.js";
import type { Calls } from "./engine.js";

const Counts = z.array(z.object({ count: z.number() }));

/** What is listed by GraphQL, the document of each list, and those that complete what a page cut off. */
const LISTS = [
  {
    entity: "repositories",
    document: GET_ORG_REPOSITORIES,
    variables: {},
    more: [],
    counts: "SELECT count(*)::int AS count FROM repositories",
  },
  {
    entity: "pull requests",
    document: GET_REPOSITORY_WITH_PRS,
    variables: FIRST_OF_PULL_REQUEST,
    more: ["GET_PULL_REQUEST_DETAILS"],
    counts: "SELECT count(*)::int AS count FROM pull_requests GROUP BY repository_id",
  },
  {
    entity: "issues",
    document: GET_REPOSITORY_ISSUES,
    variables: FIRST_OF_ISSUE,
    more: ["GET_ISSUE_DETAILS"],
    counts: "SELECT count(*)::int AS count FROM issues GROUP BY repository_id",
  },
  {
    entity: "commits",
    document: GET_COMMIT_DETAILS,
    variables: { parents: 10 },
    more: [],
    counts: "SELECT count(*)::int AS count FROM commits GROUP BY repository_id",
  },
] as const;

export interface EntityCost {
  readonly entity: string;
  /** Connections inside each thing that the document reads. */
  readonly nested: number;
  /** As GitHub answered. */
  readonly points: number;
  readonly requests: number;
  readonly floor: number;
  readonly ratio: number;
  readonly trade: ReturnType<typeof tradeOf>;
}

/** What each list cost beside the least that it can cost at the largest page. */
export async function besideFloors(store: Store, calls: Calls): Promise<readonly EntityCost[]> {
  const costs: EntityCost[] = [];
  for (const { entity, document, variables, more, counts: text } of LISTS) {
    const { requests } = costOf(document, { ...variables, pageSize: LARGEST_PAGE });
    const nested = (requests - 1) / LARGEST_PAGE;
    const counts = Counts.parse(await store.sql.query(text)).map(({ count }) => count);
    const spent = [document.name, ...more].map((name) => calls.get(name) ?? { requests: 0, points: 0 });
    const points = spent.reduce((sum, each) => sum + each.points, 0);
    const floor = floorOf({ nested, counts }).points;
    costs.push({
      entity,
      nested,
      points,
      requests: spent.reduce((sum, each) => sum + each.requests, 0),
      floor,
      ratio: Number((points / floor).toFixed(3)),
      trade: tradeOf({ nested, counts }),
    });
  }
  return costs;
}
