import { afterAll, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const line = (index: number, by: string) => `export const value${index} = "${by}";`;
const text = (by: (index: number) => string) =>
  `${Array.from({ length: 40 }, (_, index) => line(index, by(index))).join("\n")}\n`;
const path = "src/values.ts";
const first = text(() => "monalisa");
const second = text((index) => (index < 20 ? "hubot" : "monalisa"));
const third = text((index) => (index < 20 ? "hubot" : "octocat"));

const setting = await reviewSetting({
  files: [
    { path, content: first },
    { path: ".github/companyos.yml", content: "review:\n  reviewers:\n    count: 1\n" },
  ],
});
afterAll(() => setting.close());
const { control, simulation } = setting.github;

const push = (by: string, content: string) =>
  control.apply("push", { repository: REPOSITORY, by, commits: [{ message: by, files: [{ path, content }] }] });

async function asked(content: string): Promise<readonly string[]> {
  const commits = [{ message: "Change", files: [{ path, content }] }];
  const { number = 0 } = await control.apply("openPull", {
    repository: REPOSITORY,
    title: "Change",
    commits,
    by: "monalisa",
  });
  await setting.settle();
  return setting.visible(number).reviewers;
}

test("requests the authors of the touched lines, and no authors of other lines", { timeout: 60_000 }, async () => {
  await push("hubot", second);
  await push("octocat", third);
  await setting.settle();
  expect(await asked(third.replace(line(5, "hubot"), line(5, "changed")))).toEqual(["hubot"]);
  expect(await asked(third.replace(line(35, "octocat"), line(35, "changed")))).toEqual(["octocat"]);
  const texts = [...simulation.log.counts].filter(([name]) => name.includes("REVIEW_TEXTS"));
  expect(texts).toEqual([["POST REVIEW_TEXTS", 2]]);
});
