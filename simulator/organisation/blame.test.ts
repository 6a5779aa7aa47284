import { afterAll, expect, it } from "vitest";
import { closeAll, startShop } from "../testing.js";
import { blame } from "./blame.js";

afterAll(closeAll);

it("attributes each line to its author, also after lines were added above it", async () => {
  const { github } = await startShop();
  const push = (by: string, content: string) =>
    github.control.apply("push", {
      repository: "acme/shop",
      by,
      commits: [{ message: by, files: [{ path: "a.ts", content }] }],
    });
  await push("hubot", "one\ntwo\nthree\n");
  await push("octocat", "zero\none\nTWO\nthree\n");
  const shop = github.simulation.organisation.byName.get("acme/shop");
  const head = shop?.branches.get(shop.defaultBranch) ?? "";
  const lines = shop ? blame(shop, head, "a.ts") : [];
  expect(lines.map(({ start, end, commit }) => [start, end, commit.author.login])).toEqual([
    [1, 1, "octocat"],
    [2, 2, "hubot"],
    [3, 3, "octocat"],
    [4, 4, "hubot"],
  ]);
});
