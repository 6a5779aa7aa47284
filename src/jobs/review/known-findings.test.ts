import { describe, expect, it } from "vitest";
import type { ThreadNode } from "../../github/review/context-query.js";
import type { FindingRow } from "../../store/reviews/findings.js";
import { knownFindings } from "./known-findings.js";

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
  reactions: { nodes: [] },
  ...more,
});

const thread = (nodes: readonly Comment[], resolved = false): ThreadNode => ({
  id: "T",
  isResolved: resolved,
  resolvedBy: resolved ? { login: "ann" } : null,
  comments: { nodes: [...nodes] },
});

describe("what was told before", () => {
  it("is found again by the marker in a comment of our own", () => {
    expect(knownFindings([row()], [thread([comment()])])).toMatchObject({
      known: [{ state: "open", threadId: "T", commentId: "C", answered: false }],
      said: [],
    });
  });

  it("is not found in a comment of somebody else's who copied the marker", () => {
    const copied = thread([comment({ viewerDidAuthor: false })], true);
    expect(knownFindings([row()], [copied])).toMatchObject({ known: [{ state: "open", threadId: null }], said: [] });
  });

  it("is answered by people, and not by bots", () => {
    const answer = (type: string) => comment({ viewerDidAuthor: false, author: { __typename: type, login: "x" } });
    expect(knownFindings([row()], [thread([comment(), answer("Bot")])]).known[0]?.answered).toBe(false);
    expect(knownFindings([row()], [thread([comment(), answer("User")])]).known[0]?.answered).toBe(true);
  });

  it("is dismissed by resolving its thread or by a thumbs-down", () => {
    expect(knownFindings([row()], [thread([comment()], true)])).toMatchObject({
      known: [{ state: "dismissed" }],
      said: [{ kind: "resolved", reference: "abc123", by: "ann" }],
    });
    const reactions = {
      nodes: [
        { content: "HEART", user: null },
        { content: "THUMBS_DOWN", user: { login: "bob" } },
      ],
    };
    expect(knownFindings([row()], [thread([comment({ reactions })])])).toMatchObject({
      said: [{ kind: "thumbs-down", by: "bob" }],
    });
  });

  it("is not dismissed twice, nor by the thread that we resolved ourselves when it was mended", () => {
    for (const state of ["fixed", "dismissed", "ignored"] as const)
      expect(knownFindings([row(state)], [thread([comment()], true)])).toMatchObject({ known: [{ state }], said: [] });
  });
});
