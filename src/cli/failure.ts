import { AppError, ConfigError, messageOf } from "../errors.js";
import { redact } from "../log.js";
import { secretValues } from "../config.js";
import { OutputClosedError } from "./output.js";

/** Exit codes: 1 a failure, 2 something that the operator has to set right. */
export function reportFailure(error: unknown): void {
  if (error instanceof OutputClosedError) return;
  process.stderr.write(`${redact(textOf(error), secretValues())}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}

/** Errors that were made for people are shown as they are; only the others need a stack. */
function textOf(error: unknown): string {
  if (error instanceof ConfigError)
    return error.problems.map(({ variable, problem, remedy }) => `${variable} ${problem}.\n  ${remedy}`).join("\n");
  if (error instanceof AppError) return messageOf(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
