import { z } from "@hono/zod-openapi";
import type { Clock } from "../../domain.js";
import { reportOf } from "../../health/report.js";
import { readStory } from "../../reports/story.js";
import { readSubjectStory } from "../../reports/subject-story.js";
import { latestAlerts, unsentNotices } from "../../store/alerts/list-alerts.js";
import { pausedWrites } from "../../store/effects/switch.js";
import { readChecks } from "../../store/health/standings.js";
import type { Store } from "../../store/store.js";
import { scopeOf } from "../viewer.js";
import { narrowed } from "./access.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { ProblemError } from "./problem.js";
import { Id, InstallationOnly, Time } from "./schemas.js";

const name = z.string().nullable();
/** A row, as stored. */
const Row = z.record(z.string(), z.unknown());

const Check = z
  .object({
    check: z.string(),
    state: z.string(),
    since: Time,
    reason: z.string(),
    remedy: name,
    value: z.number().nullable(),
    pending: z.object({ state: z.string(), reason: z.string() }).nullable(),
    unread: name,
    checkedAt: Time,
  })
  .openapi("HealthCheck");

const Health = z
  .object({
    state: z.string(),
    stale: name,
    writesPaused: z.array(Row),
    app: z.array(Check),
    installations: z.array(z.object({ id: Id, account: name, state: z.string(), checks: z.array(Check) })),
  })
  .openapi("Health");

const Alerts = z
  .object({
    alerts: z.array(
      z.looseObject({ id: Id, installation: Id.nullable(), kind: z.string(), severity: z.string(), title: z.string() }),
    ),
    unsent: z.array(z.looseObject({ alert: Id })),
  })
  .openapi("Alerts");

const Story = z
  .object({
    delivery: Row,
    facts: z.array(Row),
    reason: name,
    jobs: z.array(Row),
    runs: z.array(Row),
    effects: z.array(Row),
  })
  .openapi("DeliveryStory");

const SubjectStory = z
  .object({
    repository: z.string(),
    number: z.int(),
    deliveries: z.array(Row),
    jobs: z.array(Row),
    runs: z.array(Row),
    findings: z.array(Row),
    effects: z.array(Row),
  })
  .openapi("SubjectStory");

export const Guid = z.strictObject({ guid: z.guid().toLowerCase() });
const ALERTS_SHOWN = 100;

export interface StateOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The period of health checks (ms). */
  readonly healthEveryMs: number;
}

/** The health of the app and its installations, and the stories of their work. */
export function addState(api: Api, { store, clock, healthEveryMs }: StateOptions): void {
  endpoint(api, {
    method: "get",
    path: "/health",
    summary: "The health of the app and of the installations that you administer",
    query: InstallationOnly,
    params: NONE,
    body: NONE,
    answer: Health,
    also: { 503: "The app or an installation is unhealthy; the body is the report" },
    async handle({ query, viewer }, c) {
      const only = query.installation === undefined ? null : BigInt(query.installation);
      const report = await store.readAs(
        { ...narrowed(viewer, query.installation), operator: viewer.operator },
        async ({ sql }) => {
          const [checks, paused] = [await readChecks(sql, only), await pausedWrites(sql, only)];
          return reportOf(checks, clock.now(), healthEveryMs, paused);
        },
      );
      return report.state === "unhealthy"
        ? c.json(Health.parse(plainJson(report)), 503)
        : Health.parse(plainJson(report));
    },
  });

  endpoint(api, {
    method: "get",
    path: "/alerts",
    summary: "The latest incidents, open ones first, and notices that could not be sent",
    query: InstallationOnly,
    params: NONE,
    body: NONE,
    answer: Alerts,
    async handle({ query, viewer }) {
      const only = query.installation === undefined ? null : BigInt(query.installation);
      const found = await store.readAs(
        { ...narrowed(viewer, query.installation), operator: viewer.operator },
        async ({ sql }) => ({
          alerts: await latestAlerts(sql, only, ALERTS_SHOWN),
          unsent: await unsentNotices(sql, only),
        }),
      );
      return Alerts.parse(
        plainJson({
          alerts: found.alerts.map(({ installationId, ...alert }) => ({ ...alert, installation: installationId })),
          unsent: found.unsent.map(({ alertId, ...notice }) => ({ ...notice, alert: alertId })),
        }),
      );
    },
  });

  endpoint(api, {
    method: "get",
    path: "/deliveries/{guid}",
    summary: "The story of one delivery: its content, its changes, and each action or the reason for none",
    query: NONE,
    params: Guid,
    body: NONE,
    answer: Story,
    async handle({ params: { guid }, viewer }) {
      const story = await store.readAs(scopeOf(viewer), (reading) => readStory(reading, guid));
      if (story === null) throw new ProblemError(404, `You see no delivery with the GUID ${guid}.`);
      return Story.parse(plainJson(story));
    },
  });

  endpoint(api, {
    method: "get",
    path: "/story",
    summary: "The story of one pull request or issue",
    query: z.strictObject({ of: z.string().regex(/^[\w.-]+\/[\w.-]+#\d{1,9}$/, "must be owner/name#number") }),
    params: NONE,
    body: NONE,
    answer: SubjectStory,
    async handle({ query: { of }, viewer }) {
      const [repository = "", text = ""] = of.split("#");
      const number = Number(text);
      const story = await store.readAs(scopeOf(viewer), (reading) => readSubjectStory(reading, repository, number));
      if (story === null) throw new ProblemError(404, `You see nothing about ${of}.`);
      return SubjectStory.parse(plainJson({ ...story, repository, number }));
    },
  });
}

/** Rows as JSON: ids as texts, times as ISO 8601, bytes left out. */
export function plainJson(value: unknown): unknown {
  return z.json().parse(
    JSON.parse(
      JSON.stringify(value, (_key, each: unknown) => {
        if (typeof each === "bigint") return String(each);
        return each instanceof Uint8Array ? undefined : each;
      }),
    ),
  );
}
