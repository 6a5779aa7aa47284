import { beforeEach, describe, expect, it } from "vitest";
import { commitsBetween, pullsOf } from "../../src/store/deployments/range.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { sql } = store;
const REPOSITORY = 7n;

beforeEach(() => sql.query("TRUNCATE commits, pull_requests"));

/** Stores commits by one letter: `c: "ab"` has the parents a and b, `c: null` unknown ones. Each is a minute later. */
async function history(commits: Readonly<Record<string, string | null>>): Promise<void> {
  let minute = 0;
  for (const [sha, parents] of Object.entries(commits))
    await sql.query(
      `INSERT INTO commits (installation_id, repository_id, sha, message, parents, committed_at)
       VALUES (1, $1, $2, $2, $3::text[], timestamptz '2026-01-01' + $4 * interval '1 minute')`,
      [REPOSITORY, sha, parents === null ? null : parents.split(""), (minute += 1)],
    );
}

async function between(base: string, head: string) {
  const { commits, relation, complete, missing } = await commitsBetween(sql, REPOSITORY, base, head);
  return { range: commits.map(({ sha }) => sha).join(""), relation, complete, missing: missing.join("") };
}

describe("the range of commits between two deployments", () => {
  it("follows a straight line, and names a way back", async () => {
    await history({ a: "", b: "a", c: "b", d: "c" });
    expect(await between("b", "d")).toEqual({ range: "dc", relation: "ahead", complete: true, missing: "" });
    expect(await between("d", "b")).toEqual({ range: "", relation: "behind", complete: true, missing: "" });
    expect(await between("c", "c")).toMatchObject({ range: "", relation: "identical", complete: true });
  });

  it("includes a late-merged branch completely, and nothing of the base", async () => {
    // x and y fork from a, before the base c; m merges them.
    await history({ a: "", b: "a", x: "a", y: "x", c: "b", m: "cy" });
    expect(await between("c", "m")).toMatchObject({ range: "myx", relation: "ahead", complete: true });
  });

  it("separates two branches from their common ancestor", async () => {
    await history({ a: "", b: "a", c: "b", h: "b", i: "h" });
    expect(await between("c", "i")).toMatchObject({ range: "ih", relation: "diverged", complete: true });
  });

  it("is complete over unknown parents only where each commit descends from the base", async () => {
    await history({ a: null, b: "a", c: "b" });
    expect(await between("a", "c")).toEqual({ range: "cb", relation: "ahead", complete: true, missing: "" });
    await sql.query("TRUNCATE commits");
    await history({ a: "", x: "a", b: null, m: "bx" });
    expect(await between("b", "m")).toMatchObject({ relation: "ahead", complete: false, missing: "b" });
  });

  it("names the commit that is not stored on the way", async () => {
    await history({ a: "", c: "b", d: "c" });
    expect(await between("a", "d")).toMatchObject({ range: "dc", relation: "unknown", complete: false, missing: "b" });
    expect(await between("a", "z")).toMatchObject({ range: "", relation: "unknown", complete: false, missing: "z" });
  });

  it("is not affected by a committer's clock that is hours ahead", async () => {
    await history({ a: "", b: "a", c: "b", d: "c" });
    await sql.query("UPDATE commits SET committed_at = committed_at + interval '5 hours' WHERE sha = 'a'");
    expect(await between("c", "d")).toMatchObject({ range: "d", relation: "ahead", complete: true });
    await sql.query("UPDATE commits SET committed_at = committed_at + interval '9 hours' WHERE sha IN ('a', 'b')");
    expect(await between("d", "b")).toMatchObject({ range: "", relation: "behind", complete: true });
  });

  it("reads a history of many stretches, and stops at the limit", async () => {
    await sql.query(
      `INSERT INTO commits (installation_id, repository_id, sha, message, parents, committed_at)
       SELECT 1, $1, n::text, '', ARRAY[(n - 1)::text], timestamptz '2026-01-01' + n * interval '1 hour'
       FROM generate_series(1, 700) n`,
      [REPOSITORY],
    );
    expect((await commitsBetween(sql, REPOSITORY, "10", "600")).commits).toHaveLength(590);
    expect(await commitsBetween(sql, REPOSITORY, "10", "600", 50)).toMatchObject({ complete: false });
  });
});

it("finds the pull requests of a range by their merge or their head", async () => {
  const insert = (number: number, merged: boolean, merge: string | null, head: string) =>
    sql.query(
      `INSERT INTO pull_requests (id, installation_id, repository_id, number, title, state, merged, head_ref, head_sha, base_ref,
         base_sha, merge_commit_sha, created_at, updated_at, core_updated_at, content_hash)
       VALUES ($1::int, 1, $2, $1::int, 't', 'closed', $3, 'f', $5, 'main', 'x', $4, now(), now(), now(), '')`,
      [number, REPOSITORY, merged, merge, head],
    );
  await insert(1, true, "m", "h");
  await insert(2, true, null, "d");
  await insert(3, false, null, "c");
  const pulls = await pullsOf(sql, REPOSITORY, ["m", "d", "c"]);
  expect(new Set(pulls.map(({ number }) => number))).toEqual(new Set([1, 2]));
});
