import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { exampleDeliveries } from "../demo/examples.js";
import { NetworkError } from "../src/errors.js";
import { renderStory } from "../src/reports/render.js";
import { deliveriesAbout, readStory } from "../src/reports/story.js";
import { createDryRunWriter } from "../src/effects/dry-run-writer.js";
import { createPayloadReader } from "../src/github/payload-reader.js";
import { dedupeKey } from "../src/inbox/fingerprint.js";
import type { ReceivedDelivery } from "../src/process/process-claimed.js";
import { drainDeliveries } from "../src/process/worker.js";
import { type DefinedJob, registryOf } from "../src/jobs/define-job.js";
import { jobRunner } from "../src/work/run-job.js";
import { createLog } from "../src/log.js";
import { processDelivery } from "../src/process/process-delivery.js";
import { openInlineQueues } from "../src/work/inline.js";
import { compress } from "../src/store/deliveries/compression.js";
import { recordDeliveries } from "../src/store/deliveries/record-deliveries.js";
import { insertRun } from "../src/store/reviews/runs.js";
import { parseJson } from "../src/unchecked.js";
import { commentJob } from "./crash/comment-job.js";
import { createDatabase, type TestDatabase } from "./support/database.js";

/** Eleven stories, each the whole text that `explain` prints. Times stand still, so that the texts do. */
const NOW = new Date("2026-11-22T10:00:00.000Z");
const clock = { now: () => NOW };
const log = createLog({ level: "silent" });
const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const fixture = (name: string): Buffer => readFileSync(`test/fixtures/${name}.json`);

const macOf = (body: Buffer): Buffer => createHmac("sha256", "a secret").update(body).digest();

interface Told {
  readonly event: string;
  readonly body: Buffer;
  /** The jobs that it called for still wait when the next delivery comes. */
  readonly busy?: true;
}

/** Takes the deliveries one after another, as the inbox and a worker would, and runs the jobs they call for. */
async function tell(database: TestDatabase, told: readonly Told[], jobs: readonly DefinedJob[] = []): Promise<void> {
  const { store } = database;
  const registry = registryOf(jobs);
  for (const [index, { event, body, busy }] of told.entries()) {
    const stored = await compress([body], body.length);
    const headers = {
      guid: guid(index + 1),
      event,
      contentType: "application/json",
      hookId: null,
      targetType: null,
      targetId: null,
      userAgent: null,
    };
    const delivery = { headers, bodyBytes: body.length, dedupeKey: dedupeKey(event, macOf(body)), stored };
    const [recorded] = await recordDeliveries(store, [delivery], { now: NOW, signal: new AbortController().signal });
    if (!recorded?.wake) continue;
    const queues = openInlineQueues({ patienceMs: 0 });
    const run = jobRunner({
      store,
      registry,
      clock,
      log,
      reader: () => createPayloadReader(parseJson(body.toString())),
      writer: (installationId) => createDryRunWriter({ installationId, store, print: () => undefined }),
      wake: (wakeUps) => queues.add(wakeUps),
      random: () => 0,
      token: () => `token ${index}`,
      leaseMs: 60_000,
      early: true,
    });
    if (!busy) await queues.work("agents", { concurrency: 1 }, ([id], signal) => run(BigInt(id ?? 0), signal));
    const process = async (input: ReceivedDelivery): Promise<void> => {
      const processed = await processDelivery({ store, jobs: registry, clock, log }, input);
      await queues.add(processed?.wakeUps ?? []);
    };
    await drainDeliveries({ store, process, clock, log, concurrency: 1, random: () => 0 }, [recorded.wake]);
    if (!busy) await queues.drain();
  }
}

async function story(database: TestDatabase, which = 1): Promise<string> {
  const read = await readStory(database.store, guid(which));
  if (!read) throw new Error("no story");
  return renderStory(read);
}

function example(event: string, matches: (payload: Record<string, unknown>) => boolean): Buffer {
  const found = exampleDeliveries(2_311_213).find((delivery) => delivery.event === event && matches(delivery.payload));
  if (!found) throw new Error(`no example of ${event}`);
  return Buffer.from(JSON.stringify(found.payload));
}

const issue = { event: "issues", body: fixture("issues.opened") };
const failing: DefinedJob = { ...commentJob, run: () => Promise.reject(new NetworkError("GitHub does not answer")) };
/** Answers like the other, and writes down that it looked. */
const reviewing: DefinedJob = {
  ...commentJob,
  name: "review",
  async run(payload, context) {
    const { repositoryId, number } = SUBJECT.parse(payload);
    await insertRun(context.store.sql, {
      installationId: context.installationId ?? 0n,
      repositoryId: BigInt(repositoryId),
      agent: "review",
      subject: `pull_request:${number}`,
      number,
      headSha: HEADS.second,
      jobId: context.jobId,
      deliveryGuid: context.deliveryGuid,
      trigger: "pull request",
      status: "done",
      skipped: null,
      reason: "2 commits were looked at",
      shadow: false,
      input: {},
      decision: "{}",
      requests: 3,
      durationMs: 0,
      now: NOW,
    });
    return commentJob.run(payload, context);
  },
  triggered: (event, delivery) => {
    const pull = event === "pull_request" ? PULL.parse(delivery) : null;
    if (!pull) return [];
    return [{ name: "review", payload: { repositoryId: pull.repository.id, number: pull.pull_request.number } }];
  },
};
const PULL = z.object({
  repository: z.object({ id: z.number() }),
  pull_request: z.object({ number: z.number() }),
});
const SUBJECT = z.object({ repositoryId: z.number(), number: z.number() });
const HEADS = { first: "1".repeat(40), second: "2".repeat(40) };
const pushed = (sha: string, updated_at: string): Buffer => {
  const payload = z.looseObject({ pull_request: z.looseObject({ head: z.looseObject({}) }) });
  const { pull_request: pull, ...rest } = payload.parse(parseJson(fixture("pull_request.opened").toString()));
  const moved = { ...pull, updated_at, head: { ...pull.head, sha } };
  return Buffer.from(JSON.stringify({ ...rest, action: "synchronize", pull_request: moved }));
};
const byBot = (): Buffer => {
  const comment = parseJson(fixture("issue_comment.created").toString());
  return Buffer.from(JSON.stringify({ ...Object(comment), sender: { id: 7, login: "robot[bot]", type: "Bot" } }));
};
const withoutInstallation = (): Buffer => {
  const payload = z.record(z.string(), z.unknown()).parse(parseJson(fixture("issues.opened").toString()));
  return Buffer.from(JSON.stringify({ ...payload, installation: undefined }));
};

const STORIES: readonly {
  readonly name: string;
  readonly told: readonly Told[];
  readonly jobs?: readonly DefinedJob[];
  readonly which?: number;
}[] = [
  { name: "an issue is answered", told: [issue], jobs: [commentJob] },
  { name: "a job gives up after its attempts", told: [issue], jobs: [failing] },
  { name: "silence, nobody is registered", told: [{ event: "pull_request", body: fixture("pull_request.opened") }] },
  { name: "silence, bots give no commands", told: [{ event: "issue_comment", body: byBot() }] },
  {
    name: "silence, an event without a handler",
    told: [{ event: "watch", body: Buffer.from('{"action":"started"}') }],
  },
  { name: "silence, no installation", told: [{ event: "issues", body: withoutInstallation() }] },
  {
    name: "a push whose review waited already",
    told: [
      { event: "pull_request", body: pushed(HEADS.first, "2026-11-22T09:00:00Z"), busy: true },
      { event: "pull_request", body: pushed(HEADS.second, "2026-11-22T09:00:05Z") },
    ],
    jobs: [reviewing],
    which: 2,
  },
  { name: "a replay under another GUID", told: [issue, issue], which: 2 },
  { name: "a body that is no JSON", told: [{ event: "issues", body: Buffer.from('{"action":') }] },
  { name: "an event name that does not fit", told: [{ event: "pull_request", body: issue.body }] },
  {
    name: "a tag is pushed",
    told: [
      {
        event: "push",
        body: example("push", ({ ref, deleted }) => String(ref).startsWith("refs/tags/") && deleted !== true),
      },
    ],
  },
];

test.each(STORIES)("$name", async ({ name, told, jobs, which }) => {
  const database = await createDatabase();
  try {
    await tell(database, told, jobs);
    await expect(await story(database, which)).toMatchFileSnapshot(
      `golden/explain/${name.replaceAll(/[ ,]+/g, "-")}.txt`,
    );
  } finally {
    await database.drop();
  }
});

test("owner/repo#number finds the deliveries about it, oldest first", async () => {
  const database = await createDatabase();
  try {
    await tell(database, [issue, { event: "issue_comment", body: byBot() }]);
    expect(await deliveriesAbout(database.store, "codertocat/hello-world", 1)).toEqual([guid(1), guid(2)]);
    expect(await deliveriesAbout(database.store, "codertocat/hello-world", 2)).toEqual([]);
    await expect(deliveriesAbout(database.store, "acme/nowhere", 1)).rejects.toThrow("no repository 'acme/nowhere'");
  } finally {
    await database.drop();
  }
});

test("owner/repo#number also finds failed deliveries and retries", async () => {
  const database = await createDatabase();
  const { store } = database;
  try {
    const misfit = Issue.parse(parseJson(issue.body.toString()));
    const unreadable = Buffer.from(JSON.stringify({ ...misfit, issue: { ...misfit.issue, title: 7 } }));
    await tell(database, [issue, { event: "issues", body: unreadable }]);
    expect(await deliveriesAbout(store, "codertocat/hello-world", 1)).toEqual([guid(1), guid(2)]);
    expect(await story(database, 2)).toMatch(
      /about +Codertocat\/Hello-World#1 .*\n +status +failed: the payload is not valid for the event issues: issue\.title/,
    );
    await store.sql.query("UPDATE deliveries SET status = 'received', subject = NULL, repository_id = NULL");
    const process = (): Promise<never> => Promise.reject(new NetworkError("the database went away"));
    await drainDeliveries({ store, process, clock, log, concurrency: 1, random: () => 0 }, null);
    expect(await deliveriesAbout(store, "codertocat/hello-world", 1)).toEqual([guid(1), guid(2)]);
    expect(await story(database, 1)).toMatch(/#1 .*\n +status +retry at .*: the database went away/);
  } finally {
    await database.drop();
  }
});

const Issue = z.looseObject({ issue: z.looseObject({}) });
