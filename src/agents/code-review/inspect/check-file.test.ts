import { describe, expect, it } from "vitest";
import { givenFile } from "../given.js";
import { ruleOptions } from "../rules/options.js";
import type { Rule } from "../rules/rule.js";
import { say } from "../../../text/say.js";
import { checkFile } from "./check-file.js";

const file = givenFile({ path: "a.ts", after: "one\ntwo\n" });
const facts = { file, matches: [], secrets: [], options: ruleOptions.parse({}) };
const match = { path: "a.ts", line: 2, says: say`in ${"two"}`, replacement: "2" };
const says: Pick<Rule, "id" | "inFile"> = { id: "says", inFile: () => [match] };

it("a rule that throws is named, and the others are asked", () => {
  const throws: Pick<Rule, "id" | "inFile"> = {
    id: "throws",
    inFile: () => {
      throw new RangeError("too deep");
    },
  };
  expect(checkFile(facts, [], [throws, says])).toEqual({
    found: [{ rule: "says", match }],
    more: [],
    failed: ["throws"],
  });
});

it("of a rule that says very much the first findings are kept and the rest is counted", () => {
  const many: Pick<Rule, "id" | "inFile"> = {
    id: "many",
    inFile: () => Array.from({ length: 90_000 }, (_, index) => ({ ...match, line: index + 1 })),
  };
  const { found, more } = checkFile(facts, [], [many, says]);
  expect(found.filter(({ rule }) => rule === "many").map((each) => each.match.line)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
  expect(found.filter(({ rule }) => rule === "says")).toHaveLength(1);
  expect(more).toEqual([{ rule: "many", count: 89_900 }]);
});

describe("where a secret is", () => {
  const secrets = [{ kind: "K", startLine: 2, endLine: 2, hash: "h" }];

  it("nothing of the line leaves the process", () => {
    const { found } = checkFile({ ...facts, secrets }, [], [says]);
    expect(found).toEqual([{ rule: "says", match: { ...match, says: { parts: ["in "] }, replacement: null } }]);
  });

  it("the rule about secrets says what kind it is", () => {
    const { found } = checkFile({ ...facts, secrets }, []);
    expect(found.map(({ rule, match: { says: said } }) => [rule, said.parts])).toEqual([
      ["secret", ["This looks like a secret (", { quoted: "K" }, ")."]],
    ]);
  });
});
