import { expect } from "vitest";
import { z } from "zod";
import { examine } from "../../src/cli/doctor.js";
import type { Finding } from "../../src/doctor/check.js";
import { parseJson } from "../../src/unchecked.js";
import { cli } from "./cli.js";

/** What is looked at in every system; with ALERT_ISSUE_REPOSITORY that as well. */
export const CHECKS: readonly string[] = [
  "configuration",
  "database",
  "workers",
  "writes",
  "event bus",
  "queue",
  "clock",
  "server",
  "GitHub App",
  "permissions",
  "events",
  "webhook",
  "deliveries",
  "GraphQL",
  "installations",
];

const Findings = z.array(
  z.object({
    check: z.string(),
    status: z.enum(["ok", "problem", "unknown"]),
    detail: z.string(),
    remedy: z.string().nullable(),
  }),
);
export type Env = Readonly<Record<string, string>>;

interface Found {
  readonly code: number;
  readonly found: readonly Finding[];
}

/** What the doctor finds, and its exit code. */
export async function findings(env: Env): Promise<Found> {
  const { findings: found, exitCode: code } = await examine(env);
  return { code, found };
}

/** The same as people run it. */
export async function findingsOfCommand(env: Env): Promise<Found> {
  const { code, stdout } = await cli(["doctor", "--json"], env);
  return { code, found: Findings.parse(parseJson(stdout)) };
}

/** The doctor names the misconfiguration under that check, with a remedy, and ends with 1. */
export async function expectProblem(env: Env, check: string, detail: RegExp, remedy: RegExp): Promise<void> {
  const { code, found } = await findings(env);
  const problems = found.filter((finding) => finding.check === check && finding.status === "problem");
  expect(problems.map((finding) => finding.detail).join("\n")).toMatch(detail);
  expect(problems.map((finding) => finding.remedy).join("\n")).toMatch(remedy);
  expect(code).toBe(1);
}
