import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { startGitHub } from "../simulator/index.js";
import { readConfig } from "../src/config.js";
import { NetworkError } from "../src/errors.js";
import { UNTRACKED } from "../src/telemetry/error-tracker.js";
import { openTracing } from "../src/telemetry/open-telemetry.js";
import { traceIdOf } from "../src/telemetry/tracing.js";
import { parseJson } from "../src/unchecked.js";
import { commentJob, OTHER_AGENTS } from "./crash/comment-job.js";
import { untilFinished } from "./crash/setting.js";
import { startBeside } from "./support/app.js";
import { withDatabase } from "./support/database.js";

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
  events: z.array(z.object({ name: z.string(), attributes: z.array(z.unknown()) })).default([]),
});
const Exported = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(Span) })) })),
});

const github = await startGitHub();
const { store, url: databaseUrl } = await withDatabase();
const spans: z.infer<typeof Span>[] = [];
const paths = new Set<string | undefined>();

/** A collector that takes OTLP as JSON. */
const collector = createServer((request, response) => {
  paths.add(request.url);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { resourceSpans } = Exported.parse(parseJson(Buffer.concat(chunks).toString()));
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});
collector.listen(0, "127.0.0.1");
await once(collector, "listening");
const address = collector.address();
const port = address !== null && typeof address === "object" ? address.port : 0;
afterAll(async () => {
  collector.closeAllConnections();
  collector.close();
  await github.close();
});

test("one trace from a delivery by its job to the effect and the call that made it", async () => {
  const app = await startBeside(github, databaseUrl, {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    jobs: [commentJob],
    agents: OTHER_AGENTS,
    sweepMs: 500,
    octokit: { writeSpacingMs: 0 },
  });
  try {
    await github.control.run("webhook", { url: `${app.url}/api/github/webhooks` });
    await github.control.apply("createRepository", { repository: "acme/site" });
    await github.control.apply("install", {});
    await github.control.apply("openIssue", { repository: "acme/site", title: "It breaks" });
    await github.control.run("idle", {});
    await untilFinished(store.sql, 60_000);
  } finally {
    await app.close();
  }
  const [row] = await store.sql.query("SELECT guid FROM deliveries WHERE event = 'issues'");
  const trace = traceIdOf(String(row?.["guid"]));
  while (!spans.some(({ traceId }) => traceId === trace)) await wait(50);
  const mine = spans.filter(({ traceId }) => traceId === trace);
  const named = (name: string) => Span.parse(mine.find((span) => span.name === name));
  const [delivery, job, effect] = [named("delivery issues"), named("job triage"), named("effect comment")];
  expect(delivery.parentSpanId).toBeUndefined();
  expect(job.parentSpanId).toBe(delivery.spanId);
  expect(effect.parentSpanId).toBe(job.spanId);
  const posts = mine.filter(({ name, parentSpanId }) => name === "GitHub POST" && parentSpanId === effect.spanId);
  expect(posts.length).toBeGreaterThan(0);
  expect([...paths]).toEqual(["/v1/traces"]);
  // Another delivery has a trace of its own, and the log of a job names it by the same id.
  expect(new Set(spans.filter(({ name }) => name.startsWith("delivery")).map(({ traceId }) => traceId)).size).toBe(
    spans.filter(({ name }) => name.startsWith("delivery")).length,
  );
  expect(await store.sql.query("SELECT DISTINCT trace_id FROM jobs WHERE name = 'triage'")).toEqual([
    { trace_id: trace },
  ]);
});

const SECRET = "ghs_0123456789abcdefghijklmnopqrstuvwxyzAB";
async function failed(thrown: Error) {
  const tracing = await openTracing(`http://127.0.0.1:${port}/v1/traces`);
  const name = `a work that fails with ${thrown.name}`;
  await expect(tracing.span(name, {}, () => Promise.reject(thrown))).rejects.toBe(thrown);
  await tracing.close();
  return Span.parse(spans.find((span) => span.name === name));
}

test("records a span's error with its stack and without secrets, under the log's reference", async () => {
  const error = new TypeError(`no such field in ${SECRET}`);
  const { attributes, events } = await failed(error);
  const reference = UNTRACKED.capture(error, {});
  expect(reference).toMatch(/^[0-9a-f]{32}$/);
  expect(attributes).toContainEqual({ key: "companyos.reference", value: { stringValue: reference } });
  expect(events.map(({ name }) => name)).toEqual(["exception"]);
  const text = JSON.stringify(events);
  expect(text).toContain("no such field in [redacted]");
  expect(text).toMatch(/exception\.stacktrace.*traces\.int\.test\.ts/);
  expect(text).not.toContain(SECRET);
});

test("a failure that was foreseen has no reference", async () => {
  const { attributes, events } = await failed(new NetworkError("no answer"));
  expect(attributes).toEqual([]);
  expect(JSON.stringify(events)).toContain("no answer");
});

test.each([
  [{}, true],
  [{ OTEL_SDK_DISABLED: "TRUE" }, false],
  [{ OTEL_SDK_DISABLED: "false" }, true],
  [{ OTEL_TRACES_EXPORTER: "none" }, false],
  [{ OTEL_TRACES_EXPORTER: "console" }, false],
  [{ OTEL_TRACES_EXPORTER: "otlp" }, true],
])("with %j traces are sent: %s", (env, sent) => {
  const { tracesUrl } = readConfig({ DATABASE_URL: databaseUrl, OTEL_EXPORTER_OTLP_ENDPOINT: "http://o.test", ...env });
  expect(tracesUrl).toBe(sent ? "http://o.test/v1/traces" : undefined);
});

test("a GUID is its trace id; any other text has a trace too", () => {
  expect(traceIdOf("0B989BA4-242F-11E5-81E1-C7B6966D2516")).toBe("0b989ba4242f11e581e1c7b6966d2516");
  expect(traceIdOf("a run of an action")).toMatch(/^[0-9a-f]{32}$/);
});
