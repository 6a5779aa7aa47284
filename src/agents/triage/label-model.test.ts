import { expect, it } from "vitest";
import { generateIssues } from "../../../bench/triage/generated.js";
import { judge, labelModel, trainLabels } from "./label-model.js";
import { thresholdFor, wilsonLower } from "./threshold.js";
import { parseJson } from "../../unchecked.js";

const pause = () => Promise.resolve();
const options = { target: 0.9, pause };

it("learns labels from words, and survives a round trip through its row", async () => {
  const history = generateIssues(400, { seed: 1, wrong: 0 });
  const model = labelModel.parse(parseJson(JSON.stringify(await trainLabels(history, options))));
  const judged = judge(model, {
    title: "Crash with a stack trace when I open the settings",
    body: "It throws an error.",
  });
  const [best] = [...judged].sort((a, b) => b.score - a.score);
  expect(best?.label).toBe("bug");
  expect(best?.threshold).not.toBeNull();
  expect(best?.score).toBeGreaterThanOrEqual(best?.threshold ?? 1);
});

it("gives the same model for the same history", async () => {
  const history = generateIssues(200, { seed: 2, wrong: 0.05 });
  expect(await trainLabels(history, options)).toEqual(await trainLabels(history, options));
});

it("does not add a label that the text cannot predict, and gives the reason", async () => {
  const history = generateIssues(400, { seed: 3, wrong: 0 }).map((issue, index) => ({
    ...issue,
    labels: [index % 3 === 0 ? "coin" : "other"],
  }));
  const { labels } = await trainLabels(history, options);
  const coin = labels.find(({ label }) => label === "coin");
  expect(coin?.threshold).toBeNull();
  expect(coin?.reason).toContain("no threshold reaches 90 % precision");
});

it("names a label with too few examples, and learns nothing without history", async () => {
  const few = await trainLabels([{ title: "A", body: "", labels: ["rare"] }], options);
  expect(few.labels).toEqual([]);
  expect(few.silent).toEqual([{ label: "rare", reason: "1 examples by people; 40 are needed" }]);
  expect((await trainLabels([], options)).silent).toEqual([]);
});

it("learns the most frequent of 900 labels, and names others", async () => {
  const history = generateIssues(600, { seed: 4, wrong: 0 }).map((issue, index) => ({
    ...issue,
    labels: [...issue.labels, `area/${index % 900}`, ...Array.from({ length: 20 }, (_, of) => `many/${of}`)],
  }));
  const { labels, silent } = await trainLabels(history, options);
  expect(labels).toHaveLength(12);
  expect(silent.some(({ reason }) => reason.includes("most frequent"))).toBe(true);
  expect(silent.length).toBeLessThan(200);
});

it("thresholds come from the lower Wilson bound", () => {
  expect(wilsonLower(0, 0)).toBe(0);
  expect(wilsonLower(25, 25)).toBeGreaterThan(0.9);
  expect(wilsonLower(24, 24)).toBeLessThan(0.9);
  const right = Array.from({ length: 30 }, (_, index) => ({ score: 0.9 + index / 1_000, right: true }));
  const wrong = Array.from({ length: 30 }, (_, index) => ({ score: 0.1 + index / 1_000, right: false }));
  expect(thresholdFor([...right, ...wrong], 0.9)?.score).toBe(0.9);
  expect(thresholdFor(wrong, 0.9)).toBeNull();
  expect(
    thresholdFor(
      [...right.map(({ right }) => ({ score: 0.5, right })), ...wrong.map(() => ({ score: 0.5, right: false }))],
      0.9,
    ),
  ).toBeNull();
});
