import { beforeEach, expect, test } from "vitest";
import { GoneError, InvalidError, RateLimitError } from "../../src/errors.js";
import { createDryRunWriter } from "../../src/effects/dry-run-writer.js";
import { failure, startLedger } from "./ledger.js";
import { type Effects, type Setting } from "./setting.js";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const { github, begin, apply, writes, rows, once } = await startLedger(store);

let setting: Setting;
let effects: Effects;
beforeEach(async () => {
  ({ setting, effects } = await begin());
});

test.each([
  ["uninstalled", { deleted_at: new Date() }, "the App was uninstalled"],
  ["suspended", { suspended_at: new Date() }, "the installation is suspended"],
])("%s: cancelled, and GitHub is not asked", async (_name, data, reason) => {
  await store.prisma.installation.update({ where: { id: setting.installationId }, data });
  expect(await apply([effects.comment])).toMatchObject([{ status: "cancelled", reason }]);
  expect(await github.control.run("calls", {})).toEqual([]);
});

test("a rate limit stops the list with its time; the next call continues there", async () => {
  await apply([effects.labels]);
  await github.control.run("remaining", { rest: 0 });
  const error = await failure(apply([effects.labels, effects.comment, effects.reaction]));
  expect(error).toBeInstanceOf(RateLimitError);
  expect((await rows()).map((row) => [row.kind, row.status, row.error_kind])).toEqual([
    ["labels", "done", null],
    ["comment", "failed", "rate-limit"],
  ]);
  await github.control.run("remaining", { rest: 5_000 });
  const results = await apply([effects.labels, effects.comment, effects.reaction]);
  expect(results.map((result) => result.status)).toEqual(["done", "done", "done"]);
  expect(once.comment()).toBe(1);
});

test("a permanent failure does not stop the others, and is thrown", async () => {
  const offTheDiff = { ...effects.review, comments: [{ path: "src/a.ts", line: 999, body: "nowhere" }] };
  expect(await failure(apply([offTheDiff, { ...effects.comment, issue: 999 }, effects.labels]))).toBeInstanceOf(
    InvalidError,
  );
  expect((await rows()).map((row) => [row.kind, row.status, row.error_kind])).toEqual([
    ["review", "failed", "invalid"],
    ["comment", "failed", "gone"],
    ["labels", "done", null],
  ]);
  expect(await failure(apply([{ ...effects.comment, issue: 999 }]))).toBeInstanceOf(GoneError);
});

test("a dry run keeps a row, which a live run takes over; applied effects stay applied", async () => {
  const printed: string[] = [];
  const dry = createDryRunWriter({
    installationId: setting.installationId,
    store,
    print: (text) => printed.push(text),
  });
  expect(await apply([effects.comment], dry)).toMatchObject([{ status: "dry-run" }]);
  expect(await writes()).toBe(0);
  expect(await rows()).toMatchObject([{ status: "dry-run", reason: "a test wants it", target: "#1/comment:triage" }]);
  expect(await apply([effects.comment])).toMatchObject([{ status: "done", change: "created" }]);
  expect(await apply([effects.comment], dry)).toMatchObject([{ status: "done", reason: "it was done before" }]);
  expect(printed).toHaveLength(1);
});
