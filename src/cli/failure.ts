import { CommanderError } from "commander";
import { AppError, ConfigError, type ConfigProblem, messageOf, sentenceOf } from "../errors.js";
import { redact } from "../log.js";
import { secretValues } from "../config.js";
import { OutputClosedError } from "./output.js";

/** Every exit code of the command line. `docs/operations.md` and `--help` list them. */
export const EXIT = {
  ok: 0,
  /** A command could not do its work. `doctor`: it found a problem. `health`: degraded. */
  failed: 1,
  /** The configuration or the database must be corrected first. `health`: unhealthy. */
  misconfigured: 2,
  /** `health` only: at least one check was never read, and no other check is worse. */
  unknown: 3,
  /** The command line itself is wrong: EX_USAGE of sysexits.h. */
  usage: 64,
} as const;

/** What `--help` says of them. */
export const EXIT_CODES_HELP = `
Exit codes:
  0   success; health: healthy
  1   the command failed; doctor: a problem was found; health: degraded
  2   the configuration or the database must be corrected; health: unhealthy
  3   health: unknown
  64  the command line is wrong: unknown command or option, bad or missing argument
`;

/** The command line is wrong in a way that only the database shows, such as a missing option. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Prints an error that ends the command, and sets its exit code. */
export function reportFailure(error: unknown): void {
  if (error instanceof OutputClosedError) return;
  if (error instanceof CommanderError) {
    // Commander has printed it already; `--help` and `--version` end this way too, with 0.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  process.stderr.write(`${textOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof ConfigError ? EXIT.misconfigured : EXIT.failed;
}

/** Errors written for people are shown as they are; an unexpected error needs its stack. */
function textOf(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map(problemOf).join("\n");
  if (error instanceof AppError || error instanceof UsageError) return clean(messageOf(error));
  return clean(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** A remedy is ours alone: it holds no secret, and may show what one looks like. */
function problemOf(problem: ConfigProblem): string {
  return `${clean(sentenceOf(problem))}.\n  ${problem.remedy}`;
}

const clean = (text: string): string => redact(text, secretValues());
