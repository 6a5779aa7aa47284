/** The app in a process of its own, which ends itself where it is told to. Tells its parent its URL. */
import { z } from "zod";
import { createLog } from "../../src/log.js";
import { parseJson } from "../../src/unchecked.js";
import { commentJob, OTHER_AGENTS } from "./comment-job.js";
import { startBeside } from "../support/app.js";

const Task = z.object({
  databaseUrl: z.string(),
  redisUrl: z.string().nullable(),
  queueNamespace: z.string(),
  github: z.object({
    url: z.string(),
    graphqlUrl: z.string(),
    appId: z.number(),
    privateKey: z.string(),
    webhookSecret: z.string(),
  }),
});
export type CrashTask = z.input<typeof Task>;

/** Where to end, and at which passing of that point from now on. */
const Death = z.object({ at: z.enum(["afterCommit", "afterIntent", "afterCall"]), nth: z.number() });
export type Death = z.input<typeof Death>;

const task = Task.parse(parseJson(process.argv[2] ?? ""));
let death: Death | null = null;
let passed = 0;
const passing = (point: string) => (): void => {
  if (death?.at === point && ++passed === death.nth) process.kill(process.pid, "SIGKILL");
};
process.on("message", (message) => {
  passed = 0;
  death = Death.parse(message);
  process.send?.({ armed: true });
});
const { github } = task;
const running = await startBeside(github, task.databaseUrl, {
  env: { REDIS_URL: task.redisUrl ?? undefined, GITHUB_SERVER_URL: github.url },
  log: createLog({ level: process.env["LOG_LEVEL"] ?? "fatal", destination: process.stderr }),
  jobs: [commentJob],
  agents: OTHER_AGENTS,
  queueNamespace: task.queueNamespace,
  hooks: {
    afterCommit: passing("afterCommit"),
    afterIntent: passing("afterIntent"),
    afterCall: passing("afterCall"),
  },
  reviewQuietMs: 0,
  sweepMs: 500,
  leaseMs: 2_000,
  // GitHub's limits are a hundred times as fast here.
  recovery: { spacingMs: 5 },
  octokit: { writeSpacingMs: 0 },
});
process.send?.({ url: running.url });
process.once("SIGTERM", () => void running.close().then(() => process.disconnect()));
