import { expect, it } from "vitest";
import { reviewOf } from "../../agents/code-review/given.js";
import type { GitHubClient } from "../../github/client.js";
import type { Comparison } from "../../github/review/comparison.js";
import { readChange } from "./read-change.js";

const LISTED = 3_000;
const file = (index: number) => ({
  filename: `docs/${index}.md`,
  status: "added" as const,
  changes: 1,
  sha: `${index}`,
  patch: "@@ -0,0 +1 @@\n+x",
});

it("counts files beyond GitHub's limit, and stops listing them", async () => {
  let pages = 0;
  const client: GitHubClient = {
    rest: () => Promise.reject(new Error("no REST here")),
    async *pages() {
      for (;;) {
        pages += 1;
        yield await Promise.resolve(Array.from({ length: 100 }, (_, index) => file(pages * 100 + index)));
      }
    },
    query: (_document, _variables, schema) => Promise.resolve({ data: schema.parse({ repository: {} }), problems: [] }),
  };
  const files = Array.from({ length: 300 }, (_, index) => file(index));
  const comparison: Comparison = { status: "ahead", mergeBase: "b", commits: [], allCommits: true, files };
  const place = { repository: { id: 1n, owner: "acme", name: "app" }, headSha: "h", changedFiles: 3_205, blame: false };
  const pullRequest = { number: 1, title: "", body: "", linkedIssues: [] };
  const attempt = { client, context: { tries: { attempt: 1, maxAttempts: 1 } }, missing: [] };
  const read = await readChange(attempt, place, comparison, pullRequest, reviewOf(), null);
  expect(read.change.files).toHaveLength(LISTED);
  expect(read.unlisted).toBe(205);
  expect(pages).toBe(30);
});
