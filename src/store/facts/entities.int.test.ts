import { beforeEach, describe, expect, it } from "vitest";
import { applyTo, at, issue, NOW, type Version } from "../../../test/store/facts.js";
import { withDatabase } from "../../../test/support/database.js";
import type { Fact, PullRequestFact, RepositoryFact } from "../../facts/fact.js";
import { applyFacts } from "./apply.js";

const { store } = await withDatabase();
const { sql } = store;
const apply = applyTo(store);

beforeEach(() =>
  sql.query("TRUNCATE issues, issue_labels, assignees, pull_requests, repositories, issue_comments, users"),
);

function repository(name: string, { second, deleted }: Version, pushedAt: string | null = null): RepositoryFact {
  return {
    entity: "repository",
    key: `acme/${name}`,
    observedAt: null,
    deleted: deleted ?? false,
    row: {
      id: 7,
      node_id: null,
      owner_login: "acme",
      name,
      full_name: `acme/${name}`,
      private: true,
      visibility: "private",
      default_branch: "main",
      description: null,
      archived: false,
      disabled: false,
      fork: false,
      pushed_at: pushedAt,
      created_at: at(0),
      updated_at: at(second),
    },
  };
}

describe("a repository", () => {
  const row = async () =>
    (await sql.query("SELECT name, pushed_at, deleted_at IS NOT NULL AS deleted FROM repositories WHERE id = 7"))[0];

  it("keeps the latest push, whichever delivery contains it", async () => {
    await apply(repository("new", { second: 9 }, at(5)));
    expect(await apply(repository("old", { second: 3 }, at(8)))).toEqual(["updated"]);
    expect(await row()).toEqual({ name: "new", pushed_at: new Date(at(8)), deleted: false });
    expect(await apply(repository("new", { second: 9 }, at(7)))).toEqual(["unchanged"]);
  });

  it("that was deleted comes back only with a newer version: GitHub can restore it", async () => {
    await apply(repository("one", { second: 3 }));
    await apply(repository("one", { second: 3, deleted: true }));
    expect(await apply(repository("one", { second: 3 }))).toEqual(["unchanged"]);
    expect(await row()).toMatchObject({ deleted: true });
    expect(await apply(repository("one", { second: 4 }))).toEqual(["updated"]);
    expect(await row()).toMatchObject({ deleted: false });
  });
});

describe("a pull request's groups", () => {
  const pull = (title: string, second: number, details: number | null, additions = 1): PullRequestFact => ({
    entity: "pull_request",
    key: "acme/one#2",
    observedAt: null,
    deleted: false,
    row: {
      id: 2,
      repository_id: 7,
      node_id: null,
      number: 2,
      title,
      body: null,
      state: "open",
      draft: false,
      locked: false,
      author_id: null,
      author_login: null,
      author_association: null,
      head_ref: "topic",
      head_sha: "a",
      head_repository_id: 7,
      base_ref: "main",
      base_sha: "b",
      merge_commit_sha: null,
      merged: false,
      merged_at: null,
      closed_at: null,
      created_at: at(0),
      updated_at: at(second),
      core_updated_at: at(second),
      details_updated_at: details === null ? null : at(details),
      merged_by_id: null,
      merged_by_login: null,
      additions: details === null ? null : additions,
      deletions: null,
      changed_files: null,
      commits: null,
    },
    sets: { labels: [], assignees: [], reviewers: [], teams: [] },
  });
  const row = async () => (await sql.query("SELECT title, additions, updated_at FROM pull_requests WHERE id = 2"))[0];

  it("are versioned apart: an embedded pull request leaves the counts, a late whole one brings them", async () => {
    await apply(pull("embedded", 5, null));
    expect(await row()).toMatchObject({ title: "embedded", additions: null });
    expect(await apply(pull("whole", 4, 4, 12))).toEqual(["updated"]);
    expect(await row()).toEqual({ title: "embedded", additions: 12, updated_at: new Date(at(5)) });
    expect(await apply(pull("older", 3, 3, 11))).toEqual(["stale"]);
    expect(await apply(pull("newer", 6, null))).toEqual(["updated"]);
    expect(await row()).toEqual({ title: "newer", additions: 12, updated_at: new Date(at(6)) });
  });

  it("tie apart as well", async () => {
    await apply(pull("a", 5, 5, 12));
    expect(await apply(pull("a", 5, 5, 13))).toEqual(["tie"]);
  });

  it("follow a comment on the conversation by their updated_at only", async () => {
    const touch = (second: number): Fact => ({
      entity: "pull_request_touch",
      key: "acme/one#2",
      row: { repository_id: 7, number: 2, updated_at: at(second) },
    });
    expect(await apply(touch(7))).toEqual(["missing"]);
    await apply(pull("a", 5, 5));
    expect(await apply(touch(7))).toEqual(["updated"]);
    expect(await apply(touch(7))).toEqual(["unchanged"]);
    expect(await apply(touch(6))).toEqual(["stale"]);
    expect(await row()).toMatchObject({ title: "a", updated_at: new Date(at(7)) });
    expect(await apply(pull("b", 6, 6))).toEqual(["updated"]);
    expect(await row()).toMatchObject({ title: "b", updated_at: new Date(at(7)) });
  });
});

describe("comments of a deleted issue", () => {
  const comment = (id: number): Fact => ({
    entity: "issue_comment",
    key: `comment ${id}`,
    observedAt: null,
    deleted: false,
    row: {
      id,
      repository_id: 7,
      node_id: null,
      issue_number: 1,
      author_id: null,
      author_login: null,
      author_association: null,
      body: null,
      created_at: at(0),
      updated_at: at(1),
    },
  });

  it("are deleted with it, even if they arrive late", async () => {
    await apply(issue("a", { second: 1 }), comment(1));
    await apply(issue("a", { second: 1, deleted: true }));
    await apply(comment(2));
    const rows = await sql.query("SELECT id::int, deleted_at IS NOT NULL AS deleted FROM issue_comments ORDER BY id");
    expect(rows).toEqual([
      { id: 1, deleted: true },
      { id: 2, deleted: true },
    ]);
  });

  it("are deleted whichever of the two transactions is first", async () => {
    for (let id = 10; id < 40; id += 1) {
      await sql.query("TRUNCATE issues, issue_comments");
      await apply(issue("a", { second: 1 }));
      await Promise.all([apply(issue("a", { second: 1, deleted: true })), apply(comment(id))]);
      expect(await sql.query("SELECT 1 FROM issue_comments WHERE deleted_at IS NULL")).toEqual([]);
    }
  });
});

describe("people", () => {
  const user = (login: string, second: number): Fact => ({
    entity: "user",
    key: login,
    row: { id: 3, node_id: null, login, type: "User", seen_at: at(second) },
  });
  const row = async () => (await sql.query("SELECT login, installation_id::int AS of FROM users"))[0];

  it("have the login of the latest observation", async () => {
    await apply(user("new", 9));
    await apply(user("old", 3));
    expect(await row()).toEqual({ login: "new", of: 1 });
    await apply(user("newest", 10));
    expect(await row()).toEqual({ login: "newest", of: 1 });
  });

  it("belong to no installation once two have seen them", async () => {
    await apply(user("shared", 9));
    const scope = { installationId: 2n, now: NOW };
    await store.transaction((tx) => applyFacts(tx, [user("shared", 9)], scope));
    expect(await row()).toEqual({ login: "shared", of: null });
  });
});
