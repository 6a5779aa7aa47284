import { beforeEach, describe, expect, test } from "vitest";
import { NetworkError } from "../../src/errors.js";
import { intentOf } from "../../src/effects/intent.js";
import { openStore } from "../../src/store/store.js";
import { failure, startLedger, WRITES } from "./ledger.js";
import { type Effects, visible } from "./setting.js";
import { withDatabase } from "../support/database.js";

const database = await withDatabase();
const { store } = database;
const { github, begin, writer, apply, dropAnswer, writes, rows, once } = await startLedger(store);

let effects: Effects;
beforeEach(async () => {
  ({ effects } = await begin());
});

const KINDS = [
  "comment",
  "review",
  "check-run",
  "issue",
  "reaction",
  "labels",
  "request-reviewers",
  "deployment",
] as const;

describe.each(KINDS)("%s", (kind) => {
  test("is applied once; a repetition calls nothing", async () => {
    const [first] = await apply([effects[kind]]);
    expect(first).toMatchObject({ status: "done", reason: null });
    expect(once[kind]()).toBe(1);
    const called = (await github.control.run("calls", {})).length;
    const [second] = await apply([effects[kind]]);
    expect(second).toMatchObject({
      status: "done",
      change: null,
      githubId: first?.githubId,
      reason: "it was done before",
    });
    expect((await github.control.run("calls", {})).length).toBe(called);
    expect(await rows()).toMatchObject([{ status: "done", intent: intentOf(effects[kind]), error: null }]);
  });

  test("is done once where the answer was dropped", async () => {
    await dropAnswer(WRITES[kind]);
    expect(await failure(apply([effects[kind]]))).toBeInstanceOf(NetworkError);
    expect(once[kind]()).toBe(1);
    expect(await rows()).toMatchObject([{ status: "failed", error_kind: "network" }]);
    const [retried] = await apply([effects[kind]]);
    expect(retried?.status).toMatch(/^(done|adopted)$/);
    expect(once[kind]()).toBe(1);
  });

  test("is done once where the process ended between intent and call, and between call and result", async () => {
    const crash = (): never => {
      throw new Error("killed");
    };
    expect(await failure(apply([effects[kind]], writer({ afterIntent: crash })))).toMatchObject({ message: "killed" });
    expect(once[kind]()).toBe(0);
    expect(await failure(apply([effects[kind]], writer({ afterCall: crash })))).toMatchObject({ message: "killed" });
    expect(once[kind]()).toBe(1);
    expect(await rows()).toMatchObject([{ status: "intended" }]);
    const [retried] = await apply([effects[kind]]);
    expect(retried?.status).toMatch(/^(done|adopted)$/);
    expect(once[kind]()).toBe(1);
  });
});

test("adopts the id of a write that cannot be repeated, without calling again", async () => {
  for (const kind of ["comment", "review", "check-run", "issue", "deployment"] as const) {
    const crash = { afterCall: () => Promise.reject(new Error("killed")) };
    await failure(apply([effects[kind]], writer(crash)));
    const called = await writes();
    const [retried] = await apply([effects[kind]]);
    expect(retried).toMatchObject({ status: "adopted", change: "unchanged" });
    expect(retried?.githubId).toMatch(/^\d+$/);
    expect(await writes()).toBe(called);
  }
});

test("two processes with the same effects: each is called for once", async () => {
  const other = openStore({ url: database.url, poolSize: 5, applicationName: "other" });
  const all = Object.values(effects);
  const results = await Promise.all([
    apply(all),
    apply(all, writer({}, other)),
    apply(all),
    apply(all, writer({}, other)),
  ]);
  await other.close();
  for (const kind of KINDS) expect([kind, once[kind]()]).toEqual([kind, 1]);
  for (const [index] of all.entries()) {
    expect(results.filter((each) => each[index]?.change !== null)).toHaveLength(1);
  }
});

test("a pool of one connection is enough", async () => {
  const small = openStore({ url: database.url, poolSize: 1, applicationName: "small" });
  const by = writer({}, small);
  await Promise.all([apply([effects.comment], by), apply([effects.issue], by), apply([effects.comment], by)]);
  await small.close();
  expect(visible(github)).toMatchObject({ issues: ["open"] });
  expect(visible(github).comments).toHaveLength(1);
});
