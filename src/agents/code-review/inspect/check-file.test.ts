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
  expect(checkFile(facts, [], [throws, says])).toEqual({ found: [{ rule: "says", match }], failed: ["throws"] });
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
