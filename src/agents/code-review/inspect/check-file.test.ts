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

it("names a rule that throws, and runs the others", () => {
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

it("keeps the first findings of a rule with very many, and counts the rest", () => {
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

  it("sends nothing of the line out of the process", () => {
    const { found } = checkFile({ ...facts, secrets }, [], [says]);
    expect(found).toEqual([{ rule: "says", match: { ...match, says: { parts: ["in "] }, replacement: null } }]);
  });

  it("the secret rule names the kind of the secret", () => {
    const { found } = checkFile({ ...facts, secrets }, []);
    expect(found.map(({ rule, match: { says: said } }) => [rule, said.parts])).toEqual([
      ["secret", ["This looks like a secret (", { quoted: "K" }, ")."]],
    ]);
  });
});
