import { describe, expect, it } from "vitest";
import { say } from "../../text/say.js";
import { parsePatch } from "./diff/parse-patch.js";
import { gapsOf } from "./gaps.js";
import { givenChange, reviewOf } from "./given.js";
import type { Finding } from "./finding.js";
import { fingerprintsOf } from "./fingerprint.js";
import { unread } from "./inspect/protocol.js";
import { mutedRules } from "./precision.js";
import { type KnownFinding, reconcile } from "./reconcile.js";
import { select } from "./select.js";
import type { Layer } from "../../settings/parse.js";

function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule: "secret",
    severity: "failure",
    source: "rule",
    says: say`x`,
    why: null,
    path: "a.ts",
    line: 1,
    endLine: 1,
    quote: "x",
    replacement: null,
    fingerprint: "f",
    ...more,
  };
}

describe("a fingerprint", () => {
  const of = (texts: readonly string[], key = "key", rule = "r", path = "a.ts") =>
    fingerprintsOf(
      texts.map((text, index) => ({ rule, text, match: { path, line: index, says: say`` } })),
      key,
    );

  it("does not depend on the line's number or indentation", () => {
    expect(of(["  f( x );"])).toEqual(of(["\tf( x );  "]));
    expect(of(["a", "b"])[1]).toBe(of(["b"])[0]);
  });

  it("distinguishes equal lines by their order", () => {
    const [first, second] = of(["a", "a"]);
    expect(first).not.toBe(second);
    expect(first).toBe(of(["a"])[0]);
  });

  it("depends on rule, file, text and key", () => {
    const all = [of(["a"]), of(["b"]), of(["a"], "other"), of(["a"], "key", "s"), of(["a"], "key", "r", "b.ts")];
    expect(new Set(all.flat()).size).toBe(5);
  });

  it("uses the rule's own distinction if there is one", () => {
    const match = { path: "a", line: 1, says: say``, identity: "i" };
    const [first] = fingerprintsOf([{ rule: "r", text: "a", match }], "key");
    const [second] = fingerprintsOf([{ rule: "r", text: "b", match: { ...match, line: 9 } }], "key");
    expect(first).toBe(second);
  });
});

describe("which findings get a comment", () => {
  const change = givenChange([
    { path: "a.ts", after: Array.from({ length: 40 }, (_, index) => `${index}`).join("\n") },
  ]);
  const many = (count: number, rules: number) =>
    Array.from({ length: count }, (_, index) =>
      finding({ line: index + 1, endLine: index + 1, rule: `r${index % rules}` }),
    );

  it("keeps at most the limit, and folds the rest", () => {
    const { inline, folded } = select(many(15, 15), change, 10);
    expect([inline.length, folded.length]).toEqual([10, 5]);
  });

  it("at most three of a rule", () => {
    const { inline, folded } = select(many(8, 2), change, 10);
    expect([inline.length, folded.length]).toEqual([6, 2]);
  });

  it("none outside of the diff, and ranges within their hunk", () => {
    const { files, ...rest } = change;
    const hunked = {
      ...rest,
      files: files.map((file) => ({ ...file, hunks: parsePatch("@@ -5,0 +6,2 @@\n+a\n+b\n").hunks })),
    };
    const { inline, folded } = select(
      [finding({ line: 6, endLine: 9 }), finding({ line: 5, endLine: 5 }), finding({ line: null, endLine: null })],
      hunked,
      10,
    );
    expect(inline.map(({ anchor }) => anchor)).toEqual([{ startLine: 6, line: 7 }]);
    expect(folded).toHaveLength(2);
  });
});

describe("earlier findings", () => {
  const known = (fingerprint: string, state: KnownFinding["state"]): KnownFinding => ({
    fingerprint,
    rule: "r",
    state,
    threadId: "t",
    commentId: "c",
    answered: false,
    body: null,
    resolved: false,
  });
  const everywhere = () => true;

  it.each([
    ["unknown", [], "fresh"],
    ["open", [known("f", "open")], "repeated"],
    ["fixed, and back", [known("f", "fixed")], "fresh"],
    ["dismissed", [known("f", "dismissed")], "silenced"],
    ["ignored", [known("f", "ignored")], "silenced"],
  ] as const)("%s is %s", (_name, before, list) => {
    const result = reconcile(before, [finding()], new Set(), everywhere);
    expect({
      fresh: result.fresh.length,
      repeated: result.repeated.length,
      silenced: result.silenced.length,
      [list]: 0,
    }).toEqual({ fresh: 0, repeated: 0, silenced: 0 });
    expect(result[list]).toHaveLength(1);
    expect(result.fixed).toEqual([]);
  });

  it("of a removed line counts as fixed, unless its location was not read or people closed it", () => {
    const gone = [known("a", "open"), known("b", "open"), known("c", "dismissed")];
    expect(
      reconcile(gone, [], new Set(), ({ fingerprint }) => fingerprint !== "b").fixed.map(
        ({ fingerprint }) => fingerprint,
      ),
    ).toEqual(["a"]);
  });

  it("of a rule that is switched off is silent", () => {
    expect(reconcile([], [finding()], new Set(["secret"]), everywhere).silenced).toHaveLength(1);
  });
});

it.each([
  [20, 11, ["r"]],
  [20, 10, []],
  [19, 19, []],
])("a rule with %i findings, %i of them dismissed, is muted: %j", (shown, dismissed, rules) => {
  const muted = mutedRules([{ rule: "r", shown, dismissed }], reviewOf());
  expect(muted.map(({ rule }) => rule)).toEqual(rules);
});

it("a severity in the settings lifts the mute, and dismissals cannot mute security rules", () => {
  const muted = (rule: string, layer: Layer = {}) =>
    mutedRules([{ rule, shown: 20, dismissed: 20 }], reviewOf({ review: layer })).length > 0;
  expect(muted("missing-test")).toBe(true);
  expect(muted("missing-test", { rules: { "missing-test": "notice" } })).toBe(false);
  expect(muted("missing-test", { paths: [{ match: ["src/**"], rules: { "missing-test": "warning" } }] })).toBe(false);
  expect(muted("missing-test", { rules: { "skipped-test": "notice", "missing-test": "off" } })).toBe(true);
  for (const rule of ["secret", "workflow-head-checkout", "workflow-script-injection"]) expect(muted(rule)).toBe(false);
});

it("names unread files", () => {
  const { files, ...change } = givenChange([
    { path: "a.ts", after: "x\n" },
    { path: "b.ts", after: "x\n" },
    { path: "c", after: "x\n" },
    { path: "d.png", after: "", binary: true },
    { path: "e.ts", after: "x\n" },
  ]);
  const [a, b, c, d, e] = files;
  if (!a || !b || !c || !d || !e) throw new Error("five files");
  const partly = {
    ...change,
    files: [{ ...a, truncated: true }, { ...b, text: null }, { ...c, kind: "submodule" as const }, d, e],
  };
  const gaps = gapsOf(partly, reviewOf(), new Map([["e.ts", unread("parsing took longer than 5 ms")]]));
  expect(gaps.map(({ path }) => path)).toEqual(["a.ts", "b.ts", "c", "e.ts"]);
  const ignoring = { ...reviewOf(), ignore: { ...reviewOf().ignore, paths: ["**"] } };
  expect(gapsOf(partly, ignoring, new Map())).toEqual([]);
});
