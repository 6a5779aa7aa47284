import { describe, expect, it } from "vitest";
import type { ReviewDecision } from "../../agents/code-review/agent.js";
import { unread } from "../../agents/code-review/inspect/protocol.js";
import { reviewOf } from "../../agents/code-review/given.js";
import { say } from "../../text/say.js";
import { parseReading, readBy, writeReading } from "./stored-reading.js";

const answer = { ...unread(""), problem: null, searched: true };
const long = { path: "a.ts", line: 1, says: say`${"x".repeat(20_000)}` };
const hostile = { path: "a.ts", line: 1, says: say`${"\u0000\ud800"}` };

function written(inspections: ReadonlyMap<string, typeof answer>, gaps: readonly string[] = []) {
  const reviewed: NonNullable<ReviewDecision["reviewed"]> = {
    findings: [],
    waiting: [],
    assumed: [],
    fresh: [],
    repeated: [],
    silenced: [],
    fixed: [],
    later: [],
    ignored: [],
    unseen: [],
    muted: [],
    risk: { risk: "low", reasons: [] },
    secondReading: null,
    modelCost: null,
    gaps: gaps.map((path) => ({ path, reason: say`x`, rules: null })),
    inspections,
  };
  const identities = new Map(
    [...inspections.keys()].filter((path) => path !== "unknown.ts").map((path) => [path, `id ${path}`]),
  );
  return writeReading({ reviewed }, identities);
}

describe("the stored results", () => {
  it("are the complete readings, with a digest of each file", () => {
    const files = ["a.ts", "gap.ts", "unknown.ts"].map((path) => [path, answer] as const);
    const text = written(new Map(files), ["gap.ts"]);
    expect([...(parseReading(text) ?? [])]).toEqual([["a.ts", { identity: "id a.ts", inspection: answer }]]);
  });

  it("is limited: a file with too many results is read again", () => {
    const found = [{ rule: "r", match: long }];
    expect(parseReading(written(new Map([["a.ts", { ...answer, found }]])))?.size).toBe(0);
  });

  it("store foreign text in a form that PostgreSQL accepts", () => {
    const text = written(new Map([["a.ts", { ...answer, found: [{ rule: "r", match: hostile }] }]]));
    expect(text).not.toMatch(/\\u0000|\\ud800|\0/);
    const says = { parts: [{ quoted: "\uFFFD\uFFFD" }] };
    expect(parseReading(text)?.get("a.ts")?.inspection.found[0]?.match).toEqual({ ...hostile, says });
  });

  it.each(["", "[]x", '{"a.ts": {"identity": "i"}}'])("of another version, %j, count as none", (text) => {
    expect(parseReading(text)).toBeNull();
  });
});

it("a reading with other settings, rules or parsers is not reused", () => {
  const review = reviewOf();
  const by = (settings = review, version = "1") =>
    readBy(settings, {
      version,
      inspect: () => Promise.reject(new Error("not asked")),
      close: () => Promise.resolve(),
    });
  expect(by()).toBe(by());
  expect(new Set([by(), by({ ...review, maxInlineComments: 3 }), by(review, "2")]).size).toBe(3);
});
