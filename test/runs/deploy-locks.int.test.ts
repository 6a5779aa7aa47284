import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import type { LockScope } from "../../src/agents/deployment/lock.js";
import { acquireLock, endDeployment, giveUpLock, heldLocks } from "../../src/store/deployments/locks.js";
import { openStore } from "../../src/store/store.js";
import { withDatabase } from "../support/database.js";

const { store, url } = await withDatabase();
const other = openStore({ url, poolSize: 5, applicationName: "another process" });
afterAll(() => other.close());

const repository = { id: 7n, owner: "acme", name: "shop" };
const production: LockScope = { of: "environment", repositoryId: 7n, name: "production" };
const on = { installationId: 1n, repository, scope: production };
const now = () => new Date();
const inAnHour = () => new Date(Date.now() + 3_600_000);

const wish = (holder: string, commentId: bigint, deploys: boolean) => ({
  kind: deploys ? ("deployment" as const) : ("manual" as const),
  holder,
  reason: null,
  commentId,
  expiresAt: deploys ? inAnHour() : null,
  deploying: deploys ? { commentId, sha: "a".repeat(40), until: inAnHour() } : null,
  from: null,
});

const Act = z.object({
  action: z.string(),
  detail: z.object({ scope: z.string(), holder: z.string(), fence: z.coerce.number(), kind: z.string() }),
});
async function history(): Promise<readonly z.output<typeof Act>[]> {
  const rows = await store.sql.query("SELECT action, detail FROM audit_log ORDER BY id");
  return rows.map((row) => Act.parse(row));
}

test("200 people who lock and deploy at the same time: at most one holder at every instant", async () => {
  const taken: { readonly fence: bigint; readonly holder: string }[] = [];
  const refused: string[] = [];
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const [by, process] = [`person-${index}`, index % 2 === 0 ? store : other];
      const deploys = index % 3 === 0;
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const commentId = BigInt(index * 10 + attempt);
        const result = await acquireLock(process, on, wish(by, commentId, deploys), now());
        if (!result.taken) {
          refused.push(result.by.holder);
          continue;
        }
        taken.push({ fence: result.lock.fence, holder: by });
        const { fence } = result.lock;
        if (deploys)
          await process.transaction((sql) => endDeployment(sql, on, (each) => each.commentId === commentId, by, now()));
        else await giveUpLock(process, { ...on, fence }, by, now());
      }
    }),
  );
  expect(taken.length + refused.length).toBe(400);
  expect(taken.length).toBeGreaterThan(1);
  const acts = await history();
  const began = acts.filter((_, index) => index % 2 === 0);
  const ended = acts.filter((_, index) => index % 2 === 1);
  // Each holder gives the lock up before the next one takes it, and each has a token of their own.
  expect(new Set(began.map(({ action }) => action))).toEqual(new Set(["deploy-lock.take"]));
  expect(new Set(ended.map(({ action }) => action))).toEqual(new Set(["deploy-lock.release"]));
  expect(ended.map(({ detail }) => detail.holder)).toEqual(began.map(({ detail }) => detail.holder));
  expect(began.map(({ detail }) => detail.fence)).toEqual(taken.map((_, index) => index + 1));
  expect(new Set(taken.map((each) => each.fence)).size).toBe(taken.length);
});

test("a lock of the service and a freeze stop a deployment, and not its environment alone", async () => {
  const service: LockScope = { of: "service", name: "shop" };
  const unless = [service, { of: "freeze", repositoryId: 7n } as const];
  await acquireLock(store, { ...on, scope: service }, wish("ann", 5_001n, false), now());
  const refused = await acquireLock(store, { ...on, unless }, wish("bob", 5_002n, true), now());
  expect(refused).toMatchObject({ taken: false, scope: service, by: { holder: "ann" } });
  expect(await acquireLock(store, { ...on, unless }, wish("ann", 5_003n, true), now())).toMatchObject({ taken: true });
  const elsewhere = { ...on, installationId: 2n };
  expect(await acquireLock(store, { ...elsewhere, unless }, wish("bob", 5_004n, true), now())).toMatchObject({
    taken: true,
  });
});

test("an expired lock is free, and giving it up late takes nothing from the next holder", async () => {
  const scope: LockScope = { of: "environment", repositoryId: 7n, name: "staging" };
  const past = new Date(Date.now() - 1_000);
  const first = await acquireLock(
    store,
    { ...on, scope },
    { ...wish("ann", 6_001n, false), expiresAt: past },
    new Date(past.getTime() - 1_000),
  );
  expect((await heldLocks(store.sql, 1n, [scope], now())).size).toBe(0);
  const second = await acquireLock(store, { ...on, scope }, wish("bob", 6_002n, false), now());
  expect(second).toMatchObject({ taken: true, lock: { holder: "bob" } });
  const fence = first.taken ? first.lock.fence : 0n;
  expect(await giveUpLock(store, { ...on, scope, fence }, "ann", now())).toBeNull();
  expect([...(await heldLocks(store.sql, 1n, [scope], now())).values()]).toMatchObject([{ holder: "bob" }]);
  const acts = (await history()).filter(({ detail }) => detail.scope === "environment/7/staging");
  expect(acts.map(({ action, detail }) => `${action} ${detail.holder}`)).toEqual([
    "deploy-lock.take ann",
    "deploy-lock.expire ann",
    "deploy-lock.take bob",
  ]);
});
