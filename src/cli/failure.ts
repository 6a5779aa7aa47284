import { CommanderError } from "commander";
import { AppError, ConfigError, type ConfigProblem, messageOf, sentenceOf } from "../errors.js";
import { redact } from "../log.js";
import { secretValues } from "../config.js";
import { OutputClosedError } from "./output.js";

/** Every exit code of the command line. `docs/operations.md` and `--help` list them. */
export const EXIT = {
  ok: 0,
  /** The command failed. `doctor`: a problem was found. `settings check`: the file has problems. `health`: degraded. */
  failed: 1,
  /** The configuration or the database must be corrected first. `health`: unhealthy. */
  misconfigured: 2,
  /** `health` only: at least one check was never read, and no check is worse. */
  unknown: 3,
  /** The command line itself is wrong: EX_USAGE of sysexits.h. */
  usage: 64,
} as const;

/** The text in `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0   success; health: healthy
  1   the command failed; doctor: a problem was found; settings check: the file has problems; health: degraded
  2   the configuration or the database must be corrected; health: unhealthy
  3   health: unknown
  64  the command line is wrong: unknown command or option, bad or missing argument
`;

/** A mistake in the command line that only the database reveals, such as a missing option. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Prints an error that ends the command, and sets its exit code. */
export function reportFailure(error: unknown): void {
  if (error instanceof OutputClosedError) return;
  if (error instanceof CommanderError) {
    // Commander has printed it already. `--help` and `--version` also end this way, with 0.
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

/** Errors written for people are printed unchanged; an unexpected error needs its stack. */
function textOf(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map(problemOf).join("\n");
  if (error instanceof AppError || error instanceof UsageError) return clean(messageOf(error));
  return clean(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** Remedies are texts of this app: they contain no secrets, and may show an example of one. */
function problemOf(problem: ConfigProblem): string {
  return `${clean(sentenceOf(problem))}.\n  ${problem.remedy}`;
}

const clean = (text: string): string => redact(text, secretValues());
