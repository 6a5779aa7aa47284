import { describe, expect, it } from "vitest";
import type { ThreadNode } from "../../github/review/context-query.js";
import type { FindingRow } from "../../store/reviews/findings.js";
import { knownFindings, objectionsIn } from "./known-findings.js";

const row = (state: FindingRow["state"] = "open"): FindingRow => ({
  fingerprint: "abc123",
  rule: "focused-test",
  path: "a.ts",
  severity: "failure",
  source: "rule",
  says: "x",
  state,
});

type Comment = ThreadNode["comments"]["nodes"][number];

const comment = (more: Partial<Comment> = {}): Comment => ({
  id: "C",
  body: "text\n\n<!-- companyos:finding=abc123 -->",
  viewerDidAuthor: true,
  author: { __typename: "Bot", login: "companyos" },
  ...more,
});

const thread = (nodes: readonly Comment[], resolvedBy: string | null = null, against: readonly string[] = []) => ({
  id: "T",
  isResolved: resolvedBy !== null,
  resolvedBy: resolvedBy === null ? null : { login: resolvedBy },
  comments: { nodes: [...nodes] },
  first: { nodes: [{ reactions: { nodes: against.map((login) => ({ user: { login } })) } }] },
});

const ALLOWED = new Set(["ann", "bob"]);

describe("earlier findings", () => {
  it("is recognised by the marker in the App's own comment", () => {
    expect(knownFindings([row()], [thread([comment()])], ALLOWED)).toMatchObject({
      known: [{ state: "open", threadId: "T", commentId: "C", answered: false }],
      said: [],
    });
  });

  it("is not recognised in another person's comment with a copied marker", () => {
    const copied = thread([comment({ viewerDidAuthor: false })], "ann");
    expect(knownFindings([row()], [copied], ALLOWED)).toMatchObject({
      known: [{ state: "open", threadId: null }],
      said: [],
    });
  });

  it("is dismissed by a person whose login GitHub writes in another case", () => {
    const { known } = knownFindings([row()], [thread([comment()], "Ann")], ALLOWED);
    expect(known[0]?.state).toBe("dismissed");
  });

  it("is answered by people, and not by bots", () => {
    const answer = (type: string) => comment({ viewerDidAuthor: false, author: { __typename: type, login: "x" } });
    expect(knownFindings([row()], [thread([comment(), answer("Bot")])], ALLOWED).known[0]?.answered).toBe(false);
    expect(knownFindings([row()], [thread([comment(), answer("User")])], ALLOWED).known[0]?.answered).toBe(true);
  });

  it("is dismissed by a resolved thread or a thumbs-down of permitted people", () => {
    expect(knownFindings([row()], [thread([comment()], "ann")], ALLOWED)).toMatchObject({
      known: [{ state: "dismissed" }],
      said: [{ kind: "resolved", reference: "abc123", by: "ann" }],
    });
    const behindOthers = thread([comment()], null, [...Array.from({ length: 30 }, (_, n) => `other${n}`), "bob"]);
    expect(knownFindings([row()], [behindOthers], ALLOWED)).toMatchObject({
      known: [{ state: "dismissed" }],
      said: [{ kind: "thumbs-down", by: "bob" }],
    });
  });

  it("is not dismissed by other people", () => {
    const outsiders = thread([comment()], "mallory", ["mallory", "eve"]);
    expect(knownFindings([row()], [outsiders], ALLOWED)).toMatchObject({ known: [{ state: "open" }], said: [] });
    expect(objectionsIn([row()], [outsiders]).map(({ kind, by }) => `${kind} ${by}`)).toEqual([
      "resolved mallory",
      "thumbs-down mallory",
      "thumbs-down eve",
    ]);
  });

  it("is not dismissed by the App itself, whatever its role", () => {
    for (const own of ["companyos", "companyos[bot]"]) {
      const ours = thread([comment()], own, [own]);
      expect(objectionsIn([row()], [ours])).toEqual([]);
      expect(knownFindings([row()], [ours], new Set([own]))).toMatchObject({ known: [{ state: "open" }], said: [] });
    }
  });

  it("is not dismissed twice", () => {
    for (const state of ["fixed", "dismissed", "ignored"] as const)
      expect(knownFindings([row(state)], [thread([comment()], "ann")], ALLOWED)).toMatchObject({
        known: [{ state }],
        said: [],
      });
  });
});
