import { describe, expect, it } from "vitest";
import { COMMITS_IN_A_PAYLOAD, kindOfPush, NO_COMMIT, PushBody, pushFacts } from "./push.js";

const A = "a".repeat(40);
const B = "b".repeat(40);
const scope = { repositoryId: 7, repository: "acme/one", observedAt: null };

describe("a push", () => {
  it.each([
    ["refs/heads/main", A, B, false, "branch-updated"],
    ["refs/heads/main", A, B, true, "branch-forced"],
    ["refs/heads/topic", NO_COMMIT, B, false, "branch-created"],
    ["refs/heads/topic", A, NO_COMMIT, false, "branch-deleted"],
    ["refs/tags/v1", NO_COMMIT, B, false, "tag-created"],
    ["refs/tags/v1", A, B, true, "tag-moved"],
    ["refs/tags/v1", A, NO_COMMIT, false, "tag-deleted"],
    ["refs/notes/commits", A, B, false, "other"],
  ])("of %s from %s to %s, forced %s, is %s", (ref, before, after, forced, kind) => {
    expect(kindOfPush({ ref, before, after, forced, created: null, deleted: null })).toBe(kind);
  });

  const commit = (id: string) => ({ id, message: "m", timestamp: "2026-01-01T02:00:00+02:00", author: { name: "x" } });
  const push = (commits: readonly object[], rest: object = {}) =>
    PushBody.parse({
      ref: "refs/heads/main",
      before: A,
      after: B,
      commits,
      head_commit: commit(B),
      repository: { pushed_at: 1_767_225_600 },
      ...rest,
    });
  const rowOf = (body: PushBody) => pushFacts(body, scope).find(({ entity }) => entity === "push")?.row;

  it("stores its commits once each, the head among them, with times in UTC", () => {
    const facts = pushFacts(push([commit(A), commit(B)]), scope).filter(({ entity }) => entity === "commit");
    expect(facts.map(({ row }) => row)).toMatchObject([
      { sha: A, committed_at: "2026-01-01T00:00:00.000Z", author_login: null },
      { sha: B },
    ]);
    expect(rowOf(push([commit(B)]))).toMatchObject({ truncated: false, pushed_at: "2026-01-01T00:00:00.000Z" });
  });

  it.each([
    ["one commit on a branch", [commit(B)], {}, [A]],
    ["two commits: their order proves nothing", [commit("c".repeat(40)), commit(B)], {}, null],
    ["a forced push", [commit(B)], { forced: true }, null],
    ["a new branch", [commit(B)], { before: NO_COMMIT, created: true }, null],
    ["fewer commits than it says", [commit(B)], { size: 2 }, null],
  ])("knows the parent of its head, or stores null: %s", (_what, commits, rest, parents) => {
    const facts = pushFacts(push(commits, rest), scope).filter(({ entity }) => entity === "commit");
    expect(facts.at(-1)?.row).toMatchObject({ sha: B, parents, first_seen_at: "2026-01-01T00:00:00.000Z" });
  });

  it.each([
    ["as many commits as fit", Array.from({ length: COMMITS_IN_A_PAYLOAD }, () => commit(B)), {}, true],
    ["fewer commits than it says", [commit(B)], { size: 2 }, true],
    ["commits without the new head", [commit("c".repeat(40))], {}, true],
    ["no commit of its own", [], {}, false],
  ])("with %s is truncated or not", (_what, commits, rest, truncated) => {
    expect(rowOf(push(commits, rest))).toMatchObject({ truncated });
  });
});
