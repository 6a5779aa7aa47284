import { z } from "zod";
import type { Sql } from "../../store/store.js";
import { coursesOf } from "./compute.js";
import { figuresBetween, type Figures, type Period, periodsOf, type Unit } from "./figures.js";
import type { Course, Judged } from "./judge.js";
import { readRows } from "./read.js";
import { readServices } from "./services.js";
import { withSources } from "./sources.js";

export interface DoraWanted {
  /** `owner/name`; null: every visible repository. */
  readonly repository: string | null;
  readonly service: string | null;
  readonly environment: string | null;
  readonly unit: Unit;
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
}

/** The figures of one service in one environment. */
export interface DoraCourse {
  readonly service: string;
  readonly environment: string;
  readonly production: boolean;
  readonly total: Figures;
  readonly periods: readonly Period[];
  readonly course: Course;
}

export interface DoraReport {
  readonly courses: readonly DoraCourse[];
  /** Names of repositories by their id, for links. */
  readonly repositories: ReadonlyMap<number, string>;
}

const PRODUCTION = `
SELECT DISTINCT lower(environment) AS environment FROM deployments
WHERE deleted_at IS NULL AND production_environment AND repository_id = ANY ($1::bigint[])`;

/** The metrics of every service and environment between two moments, production first. */
export async function doraReport(sql: Sql, wanted: DoraWanted): Promise<DoraReport> {
  const { unit, from, to, now } = wanted;
  const { services, repositories, incidentLabels, byPath } = await readServices(sql, wanted.repository);
  const ids = repositories.map(({ id }) => BigInt(id));
  const read = await readRows(sql, { repositories: ids, incidentLabels, files: byPath });
  const rows = { ...read, deployments: await withSources(sql, read.deployments, repositories) };
  const flagged = await sql.query(PRODUCTION, [ids.map(String)]);
  const production = new Set(flagged.map((row) => String(row["environment"])));
  const is = (name: string, given: string | null): boolean =>
    given === null || name.toLowerCase() === given.toLowerCase();
  const courses = coursesOf(
    rows,
    services.filter(({ name }) => is(name, wanted.service)),
  )
    .filter(({ environment }) => is(environment, wanted.environment))
    .map((course) => {
      const rules = services.find(({ name }) => name === course.service)?.rules;
      const span = { from: from.getTime(), to: to.getTime(), window: rules?.window ?? 0, now: now.getTime() };
      return {
        service: course.service,
        environment: course.environment,
        production: isProduction(course.environment) || production.has(course.environment.toLowerCase()),
        total: figuresBetween(course, span),
        periods: periodsOf(course, { ...span, unit }),
        course,
      };
    })
    .toSorted(
      (a, b) =>
        a.service.localeCompare(b.service) ||
        Number(b.production) - Number(a.production) ||
        a.environment.localeCompare(b.environment),
    );
  return { courses, repositories: new Map(repositories.map(({ id, fullName }) => [id, fullName])) };
}

function isProduction(name: string): boolean {
  return /^prod(uction)?$/i.test(name);
}

const Delivery = z.object({ subject: z.string(), guid: z.string() });

const DELIVERIES = `
SELECT subject, guid FROM deliveries
WHERE repository_id = ANY ($1::bigint[]) AND subject = ANY ($2::text[]) AND status <> 'duplicate' ORDER BY id`;

/** The deliveries about deployments, by the deployments' keys. */
export async function deliveriesOf(
  sql: Sql,
  judged: readonly Judged[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = judged.flatMap(({ attempt }) => attempt.rows);
  const subjects = rows.map(({ key }) => key.replace(/^github:/, "deployment:"));
  const repositories = [...new Set(rows.map(({ repository }) => repository))].map(String);
  const told = new Map<string, string[]>();
  for (const row of await sql.query(DELIVERIES, [repositories, subjects])) {
    const { subject, guid } = Delivery.parse(row);
    const key = subject.replace(/^deployment:/, "github:");
    told.set(key, [...(told.get(key) ?? []), guid]);
  }
  return told;
}
