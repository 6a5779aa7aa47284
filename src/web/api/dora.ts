import { z } from "@hono/zod-openapi";
import type { Clock } from "../../domain.js";
import { InvalidError } from "../../errors.js";
import { deliveriesOf, doraReport } from "../../reports/dora/report.js";
import { UNITS } from "../../reports/dora/figures.js";
import { csvLines, receiptOf, shapeOf, spanOf } from "../../reports/dora/shape.js";
import type { Store } from "../../store/store.js";
import { csvLine } from "../pages/parts/table.js";
import { narrowed } from "./access.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { InstallationText, RepositoryName, Text, Time } from "./schemas.js";

const count = z.int();
const seconds = z.int().nullable();
const Figures = {
  deployments: count,
  leadTime: z.object({
    medianSeconds: seconds,
    p90Seconds: seconds,
    samples: count,
    unknown: z.record(z.string(), count),
  }),
  recoveryTime: z.object({ medianSeconds: seconds, p90Seconds: seconds, samples: count, open: count }),
  failRate: z.object({ failed: count, of: count, undecided: count }),
  reworkRate: z.object({ rework: count, of: count }),
  successRate: z.object({ succeeded: count, of: count, unfinished: count }),
};

const Receipt = z
  .object({
    deployments: z.array(z.string()),
    repository: z.string(),
    sha: z.string(),
    succeededAt: Time,
    direction: z.enum(["first", "forward", "back", "again", "aside"]),
    changes: z.array(z.object({ pullRequest: z.int().nullable(), shas: z.array(z.string()), leadSeconds: seconds })),
    unknown: z.string().nullable(),
    failed: z
      .object({
        rule: z.enum(["rollback", "revert", "hotfix", "incident"]),
        by: z.string().nullable(),
        incident: z.int().nullable(),
        recoveredAt: Time.nullable(),
      })
      .nullable(),
    rework: z.enum(["rollback", "revert", "hotfix"]).nullable(),
    deliveries: z.array(z.string()),
  })
  .openapi("DeploymentReceipt");

const Dora = z
  .object({
    from: Time,
    to: Time,
    courses: z.array(
      z.object({
        service: z.string(),
        environment: z.string(),
        production: z.boolean(),
        total: z.object(Figures),
        periods: z.array(z.object({ from: Time, to: Time, ...Figures })),
        receipts: z.array(Receipt).optional(),
      }),
    ),
  })
  .openapi("Dora");

const Query = z.strictObject({
  installation: InstallationText,
  repository: RepositoryName.optional(),
  service: Text,
  environment: Text,
  unit: z.enum(UNITS).default("week"),
  from: Time.optional(),
  to: Time.optional(),
  receipts: z.enum(["true", "false"]).default("false").openapi({ description: "Each deployment with its proof" }),
  format: z.enum(["json", "csv"]).default("json"),
});

/** The DORA metrics, as JSON or CSV. */
export function addDora(api: Api, { store, clock }: { readonly store: Store; readonly clock: Clock }): void {
  endpoint(api, {
    method: "get",
    path: "/metrics/dora",
    summary: "The DORA metrics of each service and environment, with their receipts",
    query: Query,
    params: NONE,
    body: NONE,
    answer: Dora,
    async handle({ query, viewer }, c) {
      const { installation, unit, receipts, format } = Query.parse(query);
      const now = clock.now();
      const span = spanOf(unit, now);
      const from = query.from === undefined ? span.from : new Date(query.from);
      const to = query.to === undefined ? span.to : new Date(query.to);
      if (from >= to) throw new InvalidError("`from` must be before `to`.");
      const asked = {
        repository: query.repository ?? null,
        service: query.service ?? null,
        environment: query.environment ?? null,
      };
      const { report, told } = await store.readAs(narrowed(viewer, installation), async ({ sql }) => {
        const made = await doraReport(sql, { ...asked, unit, from, to, now });
        const judged = made.courses.flatMap(({ periods }) => periods.flatMap((period) => period.judged));
        return { report: made, told: receipts === "true" ? await deliveriesOf(sql, judged) : null };
      });
      if (format === "csv")
        return c.body(`${csvLines(report).map(csvLine).join("\r\n")}\r\n`, 200, {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": 'attachment; filename="dora.csv"',
        });
      const { courses } = shapeOf(report);
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        courses: courses.map((course, index) => {
          if (told === null) return course;
          const judged = report.courses[index]?.periods.flatMap((period) => period.judged) ?? [];
          const receiptsOf = judged.map((each) =>
            receiptOf(
              each,
              report.repositories,
              each.attempt.rows.flatMap(({ key }) => told.get(key) ?? []),
            ),
          );
          return { ...course, receipts: receiptsOf };
        }),
      };
    },
  });
}
