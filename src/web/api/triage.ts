import { z } from "@hono/zod-openapi";
import { QUEUE_KINDS } from "../../agents/triage/queue.js";
import type { Clock } from "../../domain.js";
import { triageQueue } from "../../reports/triage.js";
import type { Store } from "../../store/store.js";
import { triageWeeks } from "../../store/triage/record.js";
import { narrowed } from "./access.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { Id, InstallationOnly, Time } from "./schemas.js";

const count = z.number();
const Question = z
  .object({
    installationId: Id,
    repository: z.string(),
    number: count,
    title: z.string(),
    author: z.string().nullable(),
    createdAt: Time,
    kind: z.enum(QUEUE_KINDS),
    reference: z.string(),
    question: z.string(),
  })
  .openapi("TriageQuestion");
const Week = z
  .object({
    week: Time,
    confirmed: count,
    refused: count,
    open: count,
    missed: count,
    duplicatesConfirmed: count,
    duplicatesRefused: count,
    duplicatesMissed: count,
  })
  .openapi("TriageWeek");

const RECORD_MS = 12 * 7 * 86_400_000;

/** What triage leaves to people, and how right it was. */
export function addTriage(api: Api, { store, clock }: { readonly store: Store; readonly clock: Clock }): void {
  endpoint(api, {
    method: "get",
    path: "/triage",
    summary: "The questions of the triage queue, and what became of triage's labels by week",
    query: InstallationOnly,
    params: NONE,
    body: NONE,
    answer: z.object({ questions: z.array(Question), weeks: z.array(Week) }).openapi("Triage"),
    async handle({ query, viewer }) {
      const scope = narrowed(viewer, query.installation);
      const now = clock.now();
      const { queue, weeks } = await store.readAs(scope, async ({ sql }) => ({
        queue: await triageQueue(sql, scope, now),
        weeks: await triageWeeks(
          sql,
          scope.installations.map(({ id }) => id),
          { since: new Date(now.getTime() - RECORD_MS), repositoryId: null },
        ),
      }));
      return {
        questions: queue.map(({ issue, item }) => ({
          installationId: String(issue.installationId),
          repository: issue.repository,
          number: issue.number,
          title: issue.title,
          author: issue.author,
          createdAt: issue.createdAt.toISOString(),
          ...item,
        })),
        weeks: weeks.map(({ week, ...counts }) => ({
          week: week.toISOString(),
          confirmed: counts.confirmed,
          refused: counts.refused,
          open: counts.open,
          missed: counts.missed,
          duplicatesConfirmed: counts.duplicates_confirmed,
          duplicatesRefused: counts.duplicates_refused,
          duplicatesMissed: counts.duplicates_missed,
        })),
      };
    },
  });
}
