import { z } from "zod";
import { DEPLOYMENT_SOURCES, type DeploymentSource } from "../../agents/deployment/settings.js";
import { globs } from "../../agents/glob.js";
import type { Sql } from "../../store/store.js";
import { DEFAULT_RULES, type Rules, type Service } from "./rows.js";

const DAY_MS = 24 * 60 * 60_000;
const names = (some: readonly string[]) => z.array(z.string()).catch([...some]);

/** The part of a repository's stored settings that the figures use. It was checked when it was read. */
const Settings = z
  .object({
    service: z.string().nullable().catch(null),
    source: z.enum(DEPLOYMENT_SOURCES).catch("github"),
    services: z.record(z.string(), z.object({ paths: z.array(z.string()) })).catch({}),
    failureDays: z.number().catch(DEFAULT_RULES.window / DAY_MS),
    hotfixLabels: names(DEFAULT_RULES.hotfixLabels),
    hotfixBranches: names(DEFAULT_RULES.hotfixBranches),
    incidentLabels: names(["incident"]),
  })
  .catch({
    service: null,
    source: "github",
    services: {},
    failureDays: DEFAULT_RULES.window / DAY_MS,
    hotfixLabels: [...DEFAULT_RULES.hotfixLabels],
    hotfixBranches: [...DEFAULT_RULES.hotfixBranches],
    incidentLabels: ["incident"],
  });

const Row = z.object({ id: z.coerce.number(), full_name: z.string(), settings: Settings });

/** Every repository with deployments or another source of them, and the part of its settings that the figures use. */
const REPOSITORIES = `
SELECT r.id::float8 AS id, r.full_name, COALESCE(s.settings -> 'deployments', '{}') AS settings
FROM repositories r LEFT JOIN repository_settings s ON s.repository_id = r.id
WHERE r.deleted_at IS NULL AND ($1::text IS NULL OR lower(r.full_name) = lower($1))
  AND (EXISTS (SELECT FROM deployments d WHERE d.repository_id = r.id AND d.deleted_at IS NULL)
    OR COALESCE(s.settings #>> '{deployments,source}', 'github') <> 'github')
ORDER BY lower(r.full_name)`;

export interface Services {
  readonly services: readonly Service[];
  readonly repositories: readonly {
    readonly id: number;
    readonly fullName: string;
    readonly source: DeploymentSource;
  }[];
  readonly incidentLabels: readonly string[];
  /** Whether a service has paths, so that the files of commits are needed. */
  readonly byPath: boolean;
}

/**
 * The services of the visible repositories: those in a repository's settings, with their paths; repositories with the
 * same `service` together; otherwise each repository by its name.
 */
export async function readServices(sql: Sql, repository: string | null): Promise<Services> {
  const rows = (await sql.query(REPOSITORIES, [repository])).map((row) => Row.parse(row));
  const services = new Map<string, Service>();
  const add = (name: string, id: number, owns: Service["owns"], rules: Rules): void => {
    const known = services.get(name);
    services.set(name, { name, repositories: [...(known?.repositories ?? []), id], owns: known?.owns ?? owns, rules });
  };
  for (const { id, full_name: fullName, settings } of rows) {
    const { failureDays, hotfixLabels, hotfixBranches } = settings;
    const rules = { window: failureDays * DAY_MS, hotfixLabels, hotfixBranches };
    const parts = Object.entries(settings.services);
    if (parts.length === 0) add(settings.service ?? fullName, id, null, rules);
    for (const [name, { paths }] of parts) add(name, id, globs(paths), rules);
  }
  const labels = rows.flatMap(({ settings }) => settings.incidentLabels.map((label) => label.toLowerCase()));
  return {
    services: [...services.values()],
    repositories: rows.map(({ id, full_name: fullName, settings: { source } }) => ({ id, fullName, source })),
    incidentLabels: [...new Set(labels)],
    byPath: rows.some(({ settings }) => Object.keys(settings.services).length > 0),
  };
}
