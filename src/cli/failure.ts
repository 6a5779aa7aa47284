import { AppError, ConfigError, messageOf } from "../errors.js";
import { redact } from "../log.js";
import { secretValues } from "../config.js";
import { OutputClosedError } from "./output.js";

/** Exit codes: 1 a failure, 2 something that the operator has to set right. */
export function reportFailure(error: unknown): void {
  if (error instanceof OutputClosedError) return;
  process.stderr.write(`${textOf(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}

/** Errors that were made for people are shown as they are; only the others need a stack. */
function textOf(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map(problemOf).join("\n");
  if (error instanceof AppError) return clean(messageOf(error));
  return clean(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** A remedy is ours alone: it holds no secret, and may show what one looks like. */
function problemOf({ variable, problem, remedy }: ConfigError["problems"][number]): string {
  return `${variable} ${clean(problem)}.\n  ${remedy}`;
}

const clean = (text: string): string => redact(text, secretValues());
