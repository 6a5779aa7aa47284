import { z } from "zod";
import { globList, nameList } from "../../settings/glob-setting.js";
import type { Section } from "../../settings/section.js";
import { DAYS, isTimeZone } from "./calendar.js";

/** GitHub's limit is 255 characters; a space would end the command's argument. */
const environmentName = z.string().regex(/^[\w./-]{1,100}$/, "a name without spaces, such as production");
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day such as 16:00");
const localTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, "a local time such as 2026-12-24T00:00");

const environment = z.strictObject({
  role: z.enum(["write", "admin"]).default("write").describe("The least role that may deploy to it"),
  checks: nameList
    .nullable()
    .default(null)
    .describe("Checks that must have passed on the commit; null: those that the default branch's rules require"),
  approvals: z.int().min(0).max(10).default(0).describe("Approving reviews that the commit needs"),
  after: environmentName
    .nullable()
    .default(null)
    .describe("The environment where the commit must be deployed already; null: none"),
  bakeMinutes: z.int().min(0).max(20_160).default(0).describe("How long the commit must have been there (minutes)"),
  maxCommits: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("The most commits that one deployment may bring; null: no limit"),
  forks: z.boolean().default(false).describe("Whether commits of forks may be deployed"),
});
export type EnvironmentSettings = Readonly<z.output<typeof environment>>;

const freeze = z
  .strictObject({
    name: z.string().min(1).max(100).describe("Shown in refusals"),
    environments: z.array(environmentName).max(50).nullable().default(null).describe("Null: all of them"),
    timeZone: z
      .string()
      .refine(isTimeZone, "a time zone of the IANA database, such as Europe/Berlin")
      .default("UTC")
      .describe("The times of this window are local times there"),
    days: z.array(z.enum(DAYS)).max(7).default([]).describe("For a weekly window: the days on which it begins"),
    from: z.union([clock, localTime]).describe("A time of day for a weekly window, else a local date and time"),
    to: z.union([clock, localTime]).describe("The end; a time of day at or before `from` is on the next day"),
  })
  .superRefine(({ days, from, to }, context) => {
    const weekly = days.length > 0;
    const isClock = (text: string) => clock.safeParse(text).success;
    if (isClock(from) !== weekly || isClock(to) !== weekly)
      context.addIssue({
        code: "custom",
        message: weekly
          ? "a weekly window has times of day, such as 16:00"
          : "a window without days has dates, such as 2026-12-24T00:00",
      });
    else if (!weekly && to <= from) context.addIssue({ code: "custom", message: "the window ends before it begins" });
  });
export type Freeze = Readonly<z.output<typeof freeze>>;

/** What tells of deployments. */
export const DEPLOYMENT_SOURCES = ["github", "release", "tag", "push", "api"] as const;
export type DeploymentSource = (typeof DEPLOYMENT_SOURCES)[number];

/** `deployments:` in the settings. */
export const deploymentSettings = z.strictObject({
  enabled: z.boolean().default(false).describe("Whether people can deploy, lock and freeze by commands"),
  protect: z
    .boolean()
    .default(false)
    .describe("Whether the App answers the protection rule of the environments below, by the same gates"),
  environments: z.record(environmentName, environment).default({}).describe("The environments, by name"),
  freezes: z.array(freeze).max(50).default([]).describe("Windows in which nothing is deployed"),
  service: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "a name without spaces")
    .nullable()
    .default(null)
    .describe("The service that this repository is part of; a lock of the service holds for all its repositories"),
  services: z
    .record(z.string().regex(/^[\w.-]{1,100}$/, "a name without spaces"), z.strictObject({ paths: globList }))
    .default({})
    .describe("Services of a repository with several, each with the globs of its paths: what DORA metrics measure"),
  source: z
    .enum(DEPLOYMENT_SOURCES)
    .default("github")
    .describe(
      "What counts as a deployment in the DORA metrics: GitHub's deployments, published releases, tags, pushes to the default branch (these three are successes in `production`), or what other tools report over the API",
    ),
  failureDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe("How long after a deployment a rollback, revert, hotfix or incident shows that it failed (days)"),
  hotfixLabels: nameList.default(["hotfix"]).describe("Labels that make a pull request a hotfix"),
  hotfixBranches: nameList.default(["hotfix/"]).describe("How the branches of hotfixes begin"),
  incidentLabels: nameList.default(["incident"]).describe("Labels of issues that report incidents"),
  lockMinutes: z
    .int()
    .min(1)
    .max(43_200)
    .nullable()
    .default(null)
    .describe("When a lock by `/lock` expires; null: it stays until it is released"),
  deployMinutes: z
    .int()
    .min(1)
    .max(1_440)
    .default(60)
    .describe("How long a deployment without a result holds its environment"),
  summary: z.boolean().default(false).describe("A check on the deployed commit that lists what was deployed"),
  comments: z
    .boolean()
    .default(false)
    .describe("One comment a deployed pull request, edited from environment to environment"),
  incidents: z.boolean().default(false).describe("One issue for each streak of failed deployments"),
});
export type DeploymentSettings = Readonly<z.output<typeof deploymentSettings>>;

export const DEPLOYMENTS: Section<DeploymentSettings> = {
  name: "deployments",
  about: "Deployments: commands, gates, locks and what is reported",
  schema: deploymentSettings,
  example: `deployments:
  # Commands such as /deploy and /lock. Off by default.
  enabled: true

  # Answer the protection rule of these environments at GitHub by the same gates.
  protect: true

  environments:
    staging:
      role: write
    production:
      role: write
      checks: [test]
      approvals: 1
      after: staging
      bakeMinutes: 30

  freezes:
    - name: weekend
      environments: [production]
      timeZone: Europe/Berlin
      days: [fri, sat, sun]
      from: "16:00"
      to: "08:00"
    - name: end of year
      timeZone: Europe/Berlin
      from: 2026-12-23T12:00
      to: 2027-01-04T08:00

  # What is written after a deployment.
  summary: true
  comments: false
  incidents: true
`,
};

/** The settings of an environment; null: they do not name it. */
export function environmentOf({ environments }: DeploymentSettings, name: string): EnvironmentSettings | null {
  return Object.hasOwn(environments, name) ? (environments[name] ?? null) : null;
}

/** The problem in the order of environments: the environment's name, and the reason. */
export function orderProblems(
  settings: DeploymentSettings,
): readonly { readonly environment: string; readonly problem: string }[] {
  return Object.entries(settings.environments).flatMap(([environment, { after }]) => {
    if (after === null) return [];
    if (environmentOf(settings, after) === null)
      return [{ environment, problem: `\`after\` names ${after}, which is not among the environments` }];
    const seen = new Set([environment]);
    for (let next: string | null = after; next !== null; next = environmentOf(settings, next)?.after ?? null) {
      if (next === environment) return [{ environment, problem: "`after` leads back to the environment itself" }];
      if (seen.has(next)) break;
      seen.add(next);
    }
    return [];
  });
}
