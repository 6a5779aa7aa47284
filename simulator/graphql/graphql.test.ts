import { parse } from "graphql";
import { afterEach, expect, test } from "vitest";
import { closeAll, startShop, type Shop } from "../testing.js";
import { costOf, type Cost } from "./cost.js";
import { documentOf, operationOf } from "./document.js";
import { githubSchema } from "./schema.js";

afterEach(closeAll);

function price(query: string, variables: { readonly [name: string]: unknown } = {}): Cost {
  const document = parse(query);
  const operation = operationOf(document, null);
  if (operation === null) throw new Error("no operation");
  return costOf(githubSchema(), document, operation, variables);
}

test("points and nodes are counted as GitHub's documentation does", () => {
  // The example of "Calculating the rate limit score": 1 + 100 + 100 * 50 requests are 51 points.
  const query = `{ viewer { login repositories(first: 100) { edges { node { id issues(first: 50) { edges { node { id
    labels(first: 60) { edges { node { id name } } } } } } } } } } }`;
  expect(price(query)).toMatchObject({ requests: 5101, points: 51, nodes: 100 + 5000 + 300_000, refused: null });
  // "Node limit": 50 repositories, 20 pull requests and 20 issues in each, 10 comments of each, and 10 followers.
  const limit = `{ viewer { repositories(first: 50) { edges { repository: node { name pullRequests(first: 20) { edges {
    pullRequest: node { title comments(first: 10) { edges { comment: node { bodyHTML } } } } } } issues(first: 20) { totalCount
    edges { issue: node { title bodyHTML comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
    followers(first: 10) { edges { follower: node { login } } } } }`;
  expect(price(limit).nodes).toBe(22_060);
});

test("sizes come from variables and their defaults; fragments and directives are followed", () => {
  const query = `query($n: Int = 10, $more: Boolean = false) { repository(owner: "a", name: "b") { ...R } }
    fragment R on Repository { issues(first: $n) { nodes { comments(first: 5) @include(if: $more) { totalCount } } } }`;
  expect(price(query).requests).toBe(1);
  expect(price(query, { n: 100, more: true }).requests).toBe(101);
});

test("a counted connection needs no size and costs nothing; a given size always counts", () => {
  const nested = (inner: string) => price(`{ viewer { repositories(first: 100) { nodes { ${inner} } } } }`);
  expect(nested("issues { totalCount }")).toMatchObject({ requests: 1, nodes: 100, refused: null });
  expect(nested("issues(first: 1) { totalCount }")).toMatchObject({ requests: 101, nodes: 200 });
});

test.each([
  ["MISSING_PAGINATION_BOUNDARIES", '{ repository(owner: "a", name: "b") { issues { nodes { id } } } }'],
  ["EXCESSIVE_PAGINATION", '{ repository(owner: "a", name: "b") { issues(first: 101) { totalCount } } }'],
  [
    "MAX_NODE_LIMIT_EXCEEDED",
    '{ repository(owner: "a", name: "b") { issues(first: 100) { nodes { comments(first: 100) { nodes { reactions(first: 100) { totalCount } } } } } } }',
  ],
])("%s is refused", (type, query) => {
  expect(price(query).refused?.type).toBe(type);
});

const PULLS = `query Pulls($owner: String!, $name: String!, $size: Int!, $after: String) {
  rateLimit { cost remaining resetAt }
  repository(owner: $owner, name: $name) {
    id databaseId
    pullRequests(first: $size, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        id databaseId number title body state isDraft createdAt updatedAt mergedAt additions deletions changedFiles
        author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
        mergedBy { login } headRefOid baseRefName statusCheckRollup { state }
        labels(first: 20) { nodes { id name color } }
        assignees(first: 10) { nodes { login } }
        reviewRequests(first: 10) { nodes { requestedReviewer { __typename ... on User { login } ... on Team { slug } } } }
        reviews(first: 20) { nodes { id databaseId state body submittedAt updatedAt author { login } commit { oid } } }
        closingIssuesReferences(first: 10) { nodes { number } }
        comments(first: 10) { nodes { id body author { login } } }
      }
    }
  }
}`;

async function ask(shop: Shop, query: string, variables: object = {}): Promise<string> {
  const answer = await shop.octokit.request("POST /graphql", { query, variables });
  return JSON.stringify(answer.data);
}

test("the query of all pull requests is valid and pages through them while they change", async () => {
  expect(documentOf(PULLS).errors).toEqual([]);
  const shop = await startShop();
  await shop.github.control.run("generate", { repositories: 1, pulls: 45, issues: 5 });
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    const text: string = await ask(shop, PULLS, { owner: "acme", name: "repository-2", size: 10, after });
    seen.push(...[...text.matchAll(/"number":(\d+),"title"/g)].map((match) => match[1] ?? ""));
    // The last one seen moves to the top: nothing else may be skipped or repeated for it.
    await shop.github.control.apply("editPull", {
      repository: "acme/repository-2",
      number: Number(seen[0]),
      title: `Page ${page}`,
    });
    if (text.includes('"hasNextPage":false')) break;
    after = /"endCursor":"([^"]+)"/.exec(text)?.[1] ?? null;
  }
  expect(seen).toHaveLength(45);
  expect(new Set(seen).size).toBe(45);
});

test("a deleted author is null, a missing repository NOT_FOUND, a missing permission FORBIDDEN", async () => {
  const shop = await startShop();
  const { control } = shop.github;
  const { number = 0 } = await control.apply("openPull", { repository: "acme/shop", title: "x", author: "departed" });
  await control.apply("deleteAccount", { login: "departed" });
  const author = `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) { author { login } } } }`;
  expect(await ask(shop, author)).toContain('"author":null');
  expect(await ask(shop, `{ repository(owner: "acme", name: "nope") { id } }`)).toContain('"type":"NOT_FOUND"');
  expect(await ask(shop, "{ viewer { login } }")).toContain('"type":"FORBIDDEN"');
});

test("search finds by updated:, of one repository or all", async () => {
  const shop = await startShop();
  const { control } = shop.github;
  await control.run("clock", { stopAt: "2026-03-01T00:00:00Z" });
  await control.apply("openPull", { repository: "acme/shop", title: "Early" });
  await control.run("clock", { advanceSeconds: 100 });
  await control.apply("openPull", { repository: "acme/shop", title: "Late" });
  await control.apply("openIssue", { repository: "acme/shop", title: "Issue" });
  const find = (query: string) =>
    ask(
      shop,
      `query($query: String!) { search(query: $query, type: ISSUE, first: 10) { issueCount nodes { ... on PullRequest { title } ... on Issue { title } } } }`,
      { query },
    );
  expect(await find("org:acme updated:>=2026-03-01T00:01:00Z sort:updated-asc")).toContain(
    '"nodes":[{"title":"Late"},{"title":"Issue"}]',
  );
  expect(await find("repo:acme/shop is:pr updated:2026-03-01T00:00:00Z..2026-03-01T00:00:30Z")).toContain(
    '"nodes":[{"title":"Early"}]',
  );
});

test("threads are resolved with contents: write alone, and comments minimised", async () => {
  const shop = await startShop();
  const { control, simulation } = shop.github;
  const files = [{ path: "a.ts", content: "one\ntwo\n" }];
  const { number = 0 } = await control.apply("openPull", {
    repository: "acme/shop",
    title: "x",
    commits: [{ message: "x", files }],
  });
  const on = { owner: "acme", repo: "shop", pull_number: number };
  const comments = [{ path: "a.ts", line: 2, body: "Why?" }];
  await shop.octokit.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
    ...on,
    event: "COMMENT",
    comments,
  });
  const wrong = [{ path: "a.ts", line: 9, body: "Nowhere" }];
  const refused = shop.octokit.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", {
    ...on,
    event: "COMMENT",
    comments: wrong,
  });
  await expect(refused).rejects.toMatchObject({ status: 422 });
  const threads = `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) { reviewThreads(first: 5) {
    nodes { id isResolved comments(first: 5) { nodes { id isMinimized } } } } } } }`;
  const text = await ask(shop, threads);
  const [thread, comment] = [...text.matchAll(/"id":"([^"]+)"/g)].map((match) => match[1]);
  const resolve = `mutation { resolveReviewThread(input: { threadId: "${thread}" }) { thread { isResolved } } }`;
  expect(await ask(shop, resolve)).toContain("FORBIDDEN");
  const permissions = { ...simulation.organisation.app.permissions, contents: "write" as const };
  await control.apply("acceptPermissions", { installation: shop.installation, permissions });
  await ask(
    shop,
    `mutation { minimizeComment(input: { subjectId: "${comment}", classifier: OUTDATED }) { minimizedComment { isMinimized } } }`,
  );
  const renewed = await shop.octokit.auth({ type: "installation", refresh: true });
  expect(renewed).toBeDefined();
  await ask(shop, resolve);
  const after = await ask(shop, threads);
  expect(after).toContain('"isResolved":true');
  expect(after).toContain('"isMinimized":true');
  expect([...simulation.log.unhandled]).toEqual([]);
});
