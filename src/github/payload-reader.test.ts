import { expect, test } from "vitest";
import { GoneError } from "../errors.js";
import { createPayloadReader } from "./payload-reader.js";

const REPO = { id: 7n, owner: "acme", name: "site" };
const repository = { id: 7, name: "site" };
const pull = { id: 70, number: 3, title: "x" };

test("reads data from the payload", async () => {
  const reader = createPayloadReader({
    repository,
    pull_request: pull,
    review: { id: 5 },
    installation: { id: 1, account: {} },
  });
  expect(await reader.repository(7n)).toBe(repository);
  expect(await reader.pullRequest(REPO, 3)).toBe(pull);
  expect(await reader.review(REPO, 3, 5n)).toEqual({ id: 5 });
  expect(await reader.installation()).toEqual({ id: 1, account: {} });
});

test("missing or other data is a GoneError, and is not requested elsewhere", async () => {
  const reader = createPayloadReader({ repository, pull_request: pull, installation: { id: 1 } });
  const next = reader.commits(REPO, "a", "b")[Symbol.asyncIterator]().next();
  const reads = [
    reader.pullRequest(REPO, 4),
    reader.repository(8n),
    reader.issue(REPO, 3),
    reader.installation(),
    next,
  ];
  for (const read of reads) await expect(read).rejects.toBeInstanceOf(GoneError);
  await expect(createPayloadReader(null).repository(7n)).rejects.toBeInstanceOf(GoneError);
});

test("the repositories of an installation's delivery are listed", async () => {
  const reader = createPayloadReader({ repositories: [repository] });
  const found: unknown[] = [];
  for await (const each of reader.repositories()) found.push(each);
  expect(found).toEqual([repository]);
  expect(await reader.repository(7n)).toBe(repository);
});
