import { expect, test } from "vitest";
import { startGitHubProcess } from "./process.js";

test("runs in a separate process with a typed control, and ends with close", { timeout: 30_000 }, async () => {
  const github = await startGitHubProcess({ webhookSecret: "s".repeat(32) });
  await github.control.apply("createRepository", { repository: "acme/shop" });
  await github.control.apply("install", {});
  const { number } = await github.control.apply("openPull", { repository: "acme/shop", title: "x" });
  expect(number).toBe(1);
  await expect(github.control.apply("openPull", { repository: "acme/nope", title: "x" })).rejects.toThrow("acme/nope");
  expect((await github.control.run("dump", {})).pull_requests).toHaveLength(1);
  await github.close();
  expect(() => process.kill(github.pid, 0)).toThrow("ESRCH");
});
