import type { Guard, TableSpec, VersionGroup } from "./table.js";

/**
 * The rule of the mirror, defined only here: when an incoming row `n` replaces the stored row `t`. GitHub's
 * `updated_at` has a resolution of one second. Of two contents of one second a webhook's cannot win, because their
 * order is unknown; a read replaces a webhook's content and an earlier read.
 */
export function newer(group: VersionGroup, n: string, t: string, without: Guard | null): string {
  if (without === "version") return `${n}.${group.version} IS NOT NULL`;
  return `COALESCE(${n}.${group.version} > ${t}.${group.version}
    OR (${n}.${group.version} IS NOT NULL AND ${t}.${group.version} IS NULL)
    OR (${n}.${group.version} = ${t}.${group.version} AND ${t}.deleted_at IS NULL
        AND ${n}.observed_at > COALESCE(${t}.observed_at, '-infinity')), false)`;
}

/** Whether the columns of a group take the incoming values. A deletion shows the last state of its version. */
export function takes(group: VersionGroup, n: string, t: string, without: Guard | null): string {
  return `(${newer(group, n, t, without)} OR (${n}.deleted_at IS NOT NULL AND ${n}.${group.version} >= ${t}.${group.version}))`;
}

/** Whether the incoming row changes any column. */
export function changes(spec: TableSpec, n: string, t: string, without: Guard | null): string {
  const [core] = spec.groups;
  const content = [
    ...spec.groups.map((group) => newer(group, n, t, without)),
    ...Object.keys(spec.greatest).map((column) => grows(column, n, t)),
  ].join(" OR ");
  const whileLive = `(${t}.deleted_at IS NULL AND (${n}.deleted_at IS NOT NULL OR ${content}))`;
  if (spec.deletion === "final") return whileLive;
  if (spec.deletion === "until-later") return `(${whileLive} OR ${isLater(core, n, t)})`;
  return `(${content} OR (${t}.deleted_at IS NULL AND ${n}.deleted_at IS NOT NULL AND ${n}.${core.version} >= ${t}.${core.version}))`;
}

/** The new value of `deleted_at`. */
export function tombstone(spec: TableSpec, n: string, t: string, without: Guard | null): string {
  const [core] = spec.groups;
  const once = `COALESCE(${t}.deleted_at, ${n}.deleted_at)`;
  if (spec.deletion === "final") return once;
  if (spec.deletion === "until-later") return `CASE WHEN ${isLater(core, n, t)} THEN NULL ELSE ${once} END`;
  return `CASE WHEN ${n}.deleted_at IS NOT NULL AND ${n}.${core.version} >= ${t}.${core.version} THEN ${once}
    WHEN ${newer(core, n, t, without)} THEN NULL ELSE ${t}.deleted_at END`;
}

/** Whether the incoming row is newer than the stored deletion. */
function isLater({ version }: VersionGroup, n: string, t: string): string {
  return `COALESCE(${n}.deleted_at IS NULL AND ${n}.${version} > ${t}.deleted_at, false)`;
}

function grows(column: string, n: string, t: string): string {
  return `COALESCE(${n}.${column} > ${t}.${column} OR (${n}.${column} IS NOT NULL AND ${t}.${column} IS NULL), false)`;
}
