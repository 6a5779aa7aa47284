import { execFile } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { startGitHub } from "../../simulator/start.js";
import type { Effect } from "../../src/effects/effect.js";
import { canonicalJson } from "../../src/effects/intent.js";
import { effectsOf, prepare, visible } from "./setting.js";
import { withDatabase } from "../support/database.js";
import { built } from "../support/built.js";

const database = await withDatabase();
const github = await startGitHub();
afterAll(() => github.close());
const setting = await prepare(github);
const effects = effectsOf(setting);

interface Ended {
  readonly signal: string | null;
  readonly stdout: string;
}

function run(effect: Effect, killAt: "afterIntent" | "afterCall" | null): Promise<Ended> {
  const { url, graphqlUrl, appId, privateKey } = github;
  const { installationId } = setting;
  const task = {
    databaseUrl: database.url,
    github: { url, graphqlUrl, appId, privateKey },
    installationId,
    effect,
    killAt,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [built("test/effects/process.ts"), canonicalJson(task)], (error, stdout, stderr) => {
      resolve({ signal: error?.signal ?? (error ? stderr : null), stdout });
    });
  });
}

const COUNTS = {
  comment: () => visible(github).comments.length,
  "check-run": () => visible(github).checkRuns.length,
};

test.each(["comment", "check-run"] as const)(
  "%s: kill -9 between intent and call, and between call and result",
  async (kind) => {
    const effect = effects[kind];
    expect(await run(effect, "afterIntent")).toMatchObject({ signal: "SIGKILL" });
    expect(COUNTS[kind]()).toBe(0);
    expect(await run(effect, "afterCall")).toMatchObject({ signal: "SIGKILL" });
    expect(COUNTS[kind]()).toBe(1);
    expect(await run(effect, null)).toEqual({ signal: null, stdout: "adopted\n" });
    expect(COUNTS[kind]()).toBe(1);
  },
  120_000,
);
