import { ConfigError, messageOf } from "../../errors.js";

const REMEDY =
  "Set DATABASE_URL to a PostgreSQL 14 or newer of your own: postgresql://user:password@host:5432/database";

/** The embedded database cannot be used. The remedy is a separate PostgreSQL in DATABASE_URL. */
export function embeddedError(problem: string, cause?: unknown): ConfigError {
  const why = cause === undefined ? "" : `: ${messageOf(cause)}`;
  return new ConfigError([{ variable: "DATABASE_URL", problem: `is unset, and ${problem}${why}`, remedy: REMEDY }]);
}
