import { expect, it } from "vitest";
import { RULE_IDS } from "../../../src/agents/code-review/rules/registry.js";
import { readCorpus } from "./corpus.js";
import { scoreOf } from "./score.js";

it("the corpus has at least 120 defects, over all rules and four languages, and decoys beside them", () => {
  const corpus = readCorpus();
  const planted = corpus.flatMap(({ expected }) => expected);
  expect(planted.length).toBeGreaterThanOrEqual(120);
  expect(RULE_IDS.filter((id) => !corpus.some(({ rule, expected }) => rule === id && expected.length > 0))).toEqual([]);
  expect(corpus.filter(({ expected }) => expected.length === 0).length).toBeGreaterThanOrEqual(30);
  const endings = corpus.map(({ path }) => /\.\w+$/.exec(path)?.[0]);
  expect(endings).toEqual(expect.arrayContaining([".ts", ".js", ".py", ".go"]));
});

it("a defect is found on its own line only", () => {
  const [given] = readCorpus().filter(({ expected }) => expected.length === 2);
  if (!given) throw new Error("a case with two defects");
  const [first = 0, second = 0] = given.expected.map(Number);
  const score = scoreOf([{ given, lines: [first, second + 1] }]);
  expect(score).toMatchObject({ planted: 2, found: 1 });
  expect(score.missed).toEqual([`${given.rule} ${given.path}:${second}`]);
  expect(score.falseAlarms).toEqual([`${given.rule} ${given.path}:${second + 1}`]);
});
