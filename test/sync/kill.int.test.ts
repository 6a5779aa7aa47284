import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { between, pick, seededRandom } from "../../simulator/random.js";
import { readRun } from "../../src/store/sync/runs.js";
import { withDatabase } from "../support/database.js";
import type { Task } from "./child.js";
import { differencesOf } from "./compare.js";
import { newRun, syncSetting } from "./setting.js";
import { built } from "../support/built.js";

const POINTS = 20;
const database = await withDatabase({ poolSize: 10 });
const directory = mkdtempSync(join(tmpdir(), "companyos-sync-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a child to its end; gives the signal that ended it. */
async function work(task: Task): Promise<NodeJS.Signals | null> {
  const child = fork(built("test/sync/child.ts"), [JSON.stringify(task)], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "exit");
  const { exitCode: code, signalCode: signal } = child;
  if (signal === null && code !== 0) throw new Error(`the child ended with ${code}`);
  return signal;
}

it(
  `killed at ${POINTS} seeded points and resumed, a full sync ends the same, with no page fetched more than twice`,
  { timeout: 600_000 },
  async () => {
    const { store, url } = database;
    const { github, installationId, clock } = await syncSetting(store, {
      generate: {
        seed: 21,
        repositories: 60,
        pulls: 240,
        issues: 240,
        comments: 2,
        commits: 110,
        deployments: 1,
        releases: 1,
      },
    });
    try {
      const run = await newRun(store, installationId, "full", null, clock.now());
      const random = seededRandom(4);
      const log = join(directory, "calls");
      const { url: apiUrl, graphqlUrl, appId, privateKey } = github;
      const task = {
        databaseUrl: url,
        github: { url: apiUrl, graphqlUrl, appId, privateKey },
        runId: String(run.id),
        log,
      };
      for (let point = 0; point < POINTS; point += 1) {
        const at = pick(random, ["call", "answer", "transaction", "commit"] as const) ?? "call";
        expect(await work({ ...task, kill: { at, after: between(random, 13, 19) } })).toBe("SIGKILL");
      }
      expect(await work({ ...task, kill: null })).toBeNull();
      expect(await readRun(store.sql, run.id)).toMatchObject({ status: "completed", warnings: [] });
      expect(await differencesOf(github, store.sql, installationId)).toEqual([]);

      const fetched = new Map<string, number>();
      for (const line of readFileSync(log, "utf8").trim().split("\n")) {
        const [sign, page] = [line.slice(0, 1), line.slice(1)];
        fetched.set(page, (fetched.get(page) ?? 0) + (sign === "+" ? 1 : -1));
      }
      const often = [...fetched].filter(([, times]) => times > 2);
      expect(often).toEqual([]);
      expect([...fetched.values()].some((times) => times === 2)).toBe(true);
    } finally {
      await github.close();
    }
  },
);
