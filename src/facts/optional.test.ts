import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { deployment } from "../handlers/deployment.js";
import { GET_COMMIT_DETAILS } from "../github/queries/get-commit-details.js";
import { commitFact, CommitBody, PushedCommit, pushedCommitFact } from "./commit.js";
import { IssueBody, issueFacts } from "./issue.js";
import { PullRequestBody } from "./pull-request.js";
import { PushBody } from "./push.js";
import { ifReadable, instant } from "./scalars.js";
import { UserBody } from "./user.js";

const scope = { repositoryId: 1, repository: "a/b", observedAt: null };
const UNREADABLE = ["2011-08-07T16:50:23+518:00", "+010889-05-01T02:00:00+02:00", "", "x", "-000001-01-01T00:00:00Z"];

/** Git keeps any date that a commit is given; GitHub passes it on. */
describe("a date that cannot be read", () => {
  it.each(UNREADABLE)("of a pushed commit is unknown, and the commit is stored: %j", (date) => {
    const commit = PushedCommit.parse({
      id: "c".repeat(40),
      message: "m",
      timestamp: date,
      author: { name: "a", date },
    });
    expect(pushedCommitFact(commit, scope, { parents: null, seenAt: null }).row).toMatchObject({
      message: "m",
      authored_at: null,
      committed_at: null,
    });
  });

  it.each(UNREADABLE)("of a listed commit is unknown: %j", (date) => {
    const body = CommitBody.parse({
      sha: "c".repeat(40),
      commit: { message: "m", author: { date }, committer: { date } },
    });
    expect(commitFact(body, scope).row).toMatchObject({ authored_at: null, committed_at: null });
  });

  it.each(UNREADABLE)("of a commit in GraphQL is unknown, and its page is read: %j", (date) => {
    const person = { name: "a", email: "b", date, user: null };
    const parents = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
    const node = { id: "i", oid: "c", message: "m", tree: { oid: "t" }, author: person, committer: person, parents };
    const history = { totalCount: 1, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [node] };
    const answer = GET_COMMIT_DETAILS.schema.parse({
      rateLimit: null,
      repository: {
        id: "r",
        databaseId: 1,
        nameWithOwner: "a/b",
        defaultBranchRef: { name: "main", target: { history } },
      },
    });
    expect(answer.repository?.defaultBranchRef?.target?.history.nodes[0]?.author?.date).toBeNull();
  });

  it("is replaced if PostgreSQL cannot store it; every other value is in its range", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.double(), fc.date().map(String)), (value) => {
        const read = ifReadable(instant).parse(value);
        expect(read === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(read)).toBe(true);
      }),
    );
  });
});

const issue = {
  id: 7,
  number: 2,
  title: "x",
  labels: [null],
  created_at: "2024-05-01T10:00:00Z",
  updated_at: "2024-05-01T10:00:01Z",
};

describe("a field that decides something", () => {
  const at = { created_at: issue.created_at, updated_at: issue.updated_at };
  const pull = {
    ...at,
    id: 7,
    number: 2,
    title: "x",
    state: "open",
    head: { ref: "h", sha: "s", repo: { id: 1 } },
    base: { ref: "b", sha: "t" },
  };
  const push = { ref: "refs/heads/main", before: "a", after: "b", commits: [], repository: { id: 1 } };
  const FIELDS: readonly (readonly [string, z.ZodType, object, string, unknown])[] = [
    ["merged_at", PullRequestBody, pull, "merged_at", "+010889-05-01T02:00:00+02:00"],
    ["closed_at", PullRequestBody, pull, "closed_at", {}],
    ["draft", PullRequestBody, pull, "draft", "no"],
    ["locked", PullRequestBody, pull, "locked", 1],
    ["state", IssueBody, issue, "state", 1],
    ["closed_at of an issue", IssueBody, issue, "closed_at", "x"],
    ["the type of an account", UserBody, { id: 1, login: "ada" }, "type", 1],
    ["deleted of a push", PushBody.pick({ deleted: true }), push, "deleted", "yes"],
  ];

  it.each(FIELDS)(
    "%s: null and absence are null, and unreadable values are refused",
    (_name, schema, body, field, wrong) => {
      for (const given of [body, { ...body, [field]: null }])
        expect(schema.safeParse(given).data ?? {}).toMatchObject({ [field]: null });
      expect(schema.safeParse({ ...body, [field]: wrong }).success).toBe(false);
    },
  );
});

it("leaves out the nulls in lists of people and labels", () => {
  const user = { id: 1, login: "ada" };
  const [fact] = issueFacts(IssueBody.parse({ ...issue, assignees: [null, user] }), scope).slice(-1);
  expect(fact).toMatchObject({ sets: { assignees: [{ user_id: 1 }], labels: [] } });
});

it("reads a deployment of Enterprise Server, which has no action, as created", () => {
  const at = { created_at: "2020-05-01T10:00:00Z", updated_at: "2020-05-01T10:00:00Z" };
  const payload = {
    deployment: { id: 7300, sha: "1".repeat(40), ref: "main", creator: null, ...at },
    repository: { id: 1, name: "b", full_name: "a/b", owner: { id: 2, login: "a" }, private: true, ...at },
    sender: { id: 3, login: "ada" },
  };
  expect(deployment.read(payload).facts.map(({ entity }) => entity)).toContain("deployment");
});
