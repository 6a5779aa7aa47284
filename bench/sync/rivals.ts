import { z } from "zod";
import { RateLimitError } from "../../src/errors.js";
import { setTimeout as wait } from "node:timers/promises";
import type { GitHubClient } from "../../src/github/client.js";
import {
  ACTOR,
  LABEL,
  PAGE_INFO,
  PULL_REQUEST,
  PULL_REQUEST_VARIABLES,
  RATE_LIMIT,
  REVIEW,
} from "../../src/github/queries/fragments.js";
import { GET_REPOSITORY_ISSUES } from "../../src/github/queries/get-repository-issues.js";
import { GET_REPOSITORY_WITH_PRS } from "../../src/github/queries/get-repository-with-prs.js";
import { FIRST_OF_ISSUE } from "../../src/github/queries/issue.js";
import { FIRST_OF_PULL_REQUEST } from "../../src/github/queries/pull-request.js";

/** What a plan cost. */
export interface Cost {
  points: number;
  requests: number;
}

export interface RepositoryToRead {
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
}

const FRAGMENTS = `${PULL_REQUEST}\n${REVIEW}\n${LABEL}\n${ACTOR}`;
const Costed = z.looseObject({ rateLimit: z.object({ cost: z.number() }) });

/** Asks, waits where GitHub says so, and counts. What is refused costs a request, as it does at GitHub. */
async function asked(client: GitHubClient, cost: Cost, name: string, text: string, variables: Record<string, unknown>) {
  for (;;) {
    cost.requests += 1;
    try {
      const { data } = await client.query({ name, text }, variables, Costed);
      cost.points += data.rateLimit.cost;
      return data;
    } catch (error) {
      if (!(error instanceof RateLimitError)) throw error;
      cost.requests -= 1;
      await wait(Math.max(10, error.resetAt.getTime() - Date.now()));
    }
  }
}

const PullPage = z.object({
  repository: z.object({
    pullRequests: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(z.object({ id: z.string(), number: z.number(), state: z.string() })),
    }),
  }),
});
const IssuePage = z.object({
  repository: z.object({
    issues: z.object({ pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) }),
  }),
});

/**
 * Apache DevLake's plan with our fields: pages of ten pull requests, then every open one again, ten a query by alias;
 * pages of a hundred issues. Source: backend/plugins/github_graphql/tasks/{pr,issue}_collector.go of
 * apache/incubator-devlake, `PageSize: 10` and `100`.
 */
export async function devlake(client: GitHubClient, repository: RepositoryToRead, cost: Cost): Promise<void> {
  const open: number[] = [];
  for (let cursor: string | null = null, more = true; more;) {
    const variables = { repositoryId: repository.nodeId, pageSize: 10, cursor, ...FIRST_OF_PULL_REQUEST };
    const data = await asked(client, cost, GET_REPOSITORY_WITH_PRS.name, GET_REPOSITORY_WITH_PRS.text, variables);
    const page: z.infer<typeof PullPage>["repository"]["pullRequests"] = PullPage.parse(data).repository.pullRequests;
    open.push(...page.nodes.filter(({ state }) => state === "OPEN").map(({ number }) => number));
    ({ endCursor: cursor, hasNextPage: more } = page.pageInfo);
  }
  for (let from = 0; from < open.length; from += 10) {
    const numbers = open.slice(from, from + 10);
    const text = `query REFETCH($repositoryId: ID!, ${PULL_REQUEST_VARIABLES}) { ${RATE_LIMIT}
      repository: node(id: $repositoryId) { ... on Repository {
        ${numbers.map((number) => `p${number}: pullRequest(number: ${number}) { ...PullRequest }`).join("\n")} } } }
      ${FRAGMENTS}`;
    await asked(client, cost, "REFETCH", text, { repositoryId: repository.nodeId, ...FIRST_OF_PULL_REQUEST });
  }
  for (let cursor: string | null = null, more = true; more;) {
    const variables = { repositoryId: repository.nodeId, pageSize: 100, cursor, ...FIRST_OF_ISSUE };
    const data = await asked(client, cost, GET_REPOSITORY_ISSUES.name, GET_REPOSITORY_ISSUES.text, variables);
    ({ endCursor: cursor, hasNextPage: more } = IssuePage.parse(data).repository.issues.pageInfo);
  }
}

/** The original's plan: a page of pull requests, then one query for each of them. */
export async function original(
  client: GitHubClient,
  repository: RepositoryToRead,
  cost: Cost,
  most: number,
): Promise<number> {
  const list = `query LIST($repositoryId: ID!, $cursor: String) { ${RATE_LIMIT} repository: node(id: $repositoryId) {
    ... on Repository { pullRequests(first: 100, after: $cursor) { ${PAGE_INFO} nodes { id number state } } } } }`;
  const one = `query ONE($repositoryId: ID!, $number: Int!, ${PULL_REQUEST_VARIABLES}) { ${RATE_LIMIT}
    repository: node(id: $repositoryId) { ... on Repository { pullRequest(number: $number) { ...PullRequest } } } }
    ${FRAGMENTS}`;
  let read = 0;
  for (let cursor: string | null = null, more = true; more && read < most;) {
    const data = await asked(client, cost, "LIST", list, { repositoryId: repository.nodeId, cursor });
    const page: z.infer<typeof PullPage>["repository"]["pullRequests"] = PullPage.parse(data).repository.pullRequests;
    for (const { number } of page.nodes) {
      await asked(client, cost, "ONE", one, { repositoryId: repository.nodeId, number, ...FIRST_OF_PULL_REQUEST });
      read += 1;
    }
    ({ endCursor: cursor, hasNextPage: more } = page.pageInfo);
  }
  return read;
}
