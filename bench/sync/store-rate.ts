import type { Fact } from "../../src/facts/fact.js";
import { LARGEST_PAGE } from "../../src/github/queries/floor.js";
import { applyFacts } from "../../src/store/facts/apply.js";
import type { Store } from "../../src/store/store.js";
import { budgetedClient } from "../../src/sync/budget/budgeted-client.js";
import { pullRequests } from "../../src/sync/entities/pull-requests.js";
import type { Reading } from "../../src/sync/entity.js";
import { PageSize } from "../../src/sync/run/page-size.js";
import { median } from "../load/median.js";
import type { Engine } from "./engine.js";
import { plainUpsert } from "./plain.js";
import type { RepositoryToRead } from "./rivals.js";

const PAGES = 40;
const ROUNDS = 5;
const TARGET = 0.8;
const TABLES = "pull_requests, pull_request_labels, assignees, review_requests, reviews, users, labels";

/** Rows a second, ours and by a plain multi-row upsert of the same pages, in turn, into empty tables. */
export async function storeRate(
  engine: Engine,
  store: Store,
  repositories: readonly (RepositoryToRead & { readonly id: number })[],
) {
  const pages: (readonly Fact[])[] = [];
  for (const repository of repositories.slice(0, PAGES)) pages.push(await page(engine, store, repository));
  const rows = pages.flat().length;
  const ours: number[] = [];
  const plain: number[] = [];
  const scope = { installationId: 1n, now: new Date() };
  for (let round = 0; round < ROUNDS; round += 1) {
    await store.sql.query(`TRUNCATE ${TABLES}`);
    ours.push(
      await rate(rows, async () => {
        for (const facts of pages) await store.transaction((sql) => applyFacts(sql, facts, scope));
      }),
    );
    await store.sql.query(`TRUNCATE ${TABLES}`);
    plain.push(
      await rate(rows, async () => {
        for (const facts of pages) await plainUpsert(store, facts);
      }),
    );
  }
  const ratio = median(ours) / median(plain);
  return {
    figure: "sync rows stored per second",
    rows,
    perSecond: { ours: Math.round(median(ours)), plainPg: Math.round(median(plain)) },
    ratio: Number(ratio.toFixed(2)),
    target: `>= ${TARGET}`,
    met: ratio >= TARGET,
  };
}

async function page(
  engine: Engine,
  store: Store,
  { id, nodeId, owner, name }: RepositoryToRead & { readonly id: number },
): Promise<readonly Fact[]> {
  const reading: Reading = {
    client: budgetedClient(engine.client, {
      installationId: engine.installationId,
      budget: engine.options.budget,
      class: "incremental",
      signal: new AbortController().signal,
      spent: { points: 0, requests: 0 },
    }),
    sql: store.sql,
    installationId: 1n,
    account: owner,
    allows: () => true,
    repository: { id, nodeId, owner, name },
    cursor: {
      repository_id: id,
      entity: "pull_requests",
      cursor: null,
      since: null,
      started_at: null,
      pages: 0,
      rows: 0,
      total: null,
      attempts: 0,
      position: 0,
      mark: null,
    },
    mode: "full",
    subject: null,
    pageSize: LARGEST_PAGE,
    sizeOf: (_what, largest) => new PageSize(largest),
    observedAt: new Date(),
  };
  return (await pullRequests.read(reading)).facts;
}

async function rate(rows: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return rows / ((performance.now() - start) / 1_000);
}
