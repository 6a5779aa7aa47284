import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { Command } from "commander";
import type { AppCredentials, Config } from "../config.js";
import { checkConfiguration } from "../doctor/configuration.js";
import { type Finding, unknown } from "../doctor/check.js";
import { examineSystem } from "../doctor/examine.js";
import { hasEmbedded } from "../store/embedded/place.js";
import { repositoryLists } from "../store/tenants/repository-lists.js";
import { openGateway } from "./app-client.js";
import { withDatabase } from "./open.js";
import { colours } from "./output.js";
import { useProxy } from "./proxy.js";

export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "check the configuration of this system; each problem comes with its remedy; exits 1 if there is a problem",
    )
    .option("--json", "print the findings as JSON")
    .action(async ({ json }: { json?: true }) => {
      if (existsSync(".env")) loadEnvFile(".env");
      const { findings, exitCode } = await examine(process.env);
      process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(line).join(""));
      process.exitCode = exitCode;
    });
}

/** Checks the system that the environment describes; the exit code is 1 if a check found a problem. */
export async function examine(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly findings: readonly Finding[]; readonly exitCode: 0 | 1 }> {
  const { config, credentials, findings: readable } = checkConfiguration(env);
  if (config) await useProxy(config.proxy);
  const findings = [...readable, ...(config ? await checkSystem(config, credentials) : [])];
  return { findings, exitCode: findings.some(({ status }) => status === "problem") ? 1 : 0 };
}

function checkSystem(config: Config, credentials: AppCredentials | null): Promise<readonly Finding[]> {
  return examineSystem({
    config,
    clock: systemClock,
    withDatabase: (check) => withExistingDatabase(config, (store, url, where) => check({ store, url, where })),
    lists: () => withDatabase(config, ({ sql }) => repositoryLists(sql)),
    gateway: credentials && (() => openGateway(config, credentials, systemClock)),
  });
}

/** Before the first start there is no embedded database, and the doctor creates none. */
async function withExistingDatabase(
  config: Config,
  check: Parameters<typeof withDatabase<readonly Finding[]>>[1],
): Promise<readonly Finding[]> {
  if (config.databaseUrl !== undefined || hasEmbedded(config.dataDir)) return withDatabase(config, check);
  const where = resolve(config.dataDir);
  return [unknown("database", `${where} holds no embedded database yet; 'companyos-github start' creates it`)];
}

const systemClock = { now: () => new Date() };

const MARKS = {
  ok: colours.green("ok      "),
  problem: colours.red("problem "),
  unknown: colours.yellow("unknown "),
} as const;

function line({ check, status, detail, remedy }: Finding): string {
  return `${MARKS[status]} ${check.padEnd(14)} ${detail}\n${remedy === null ? "" : `${" ".repeat(24)}${colours.bold(remedy)}\n`}`;
}
