import { ConfigError, messageOf } from "../errors.js";
import { databaseName, withoutPassword } from "./database-url.js";

const OLDEST = 14;

/** SQLSTATE or the system's error code, where the error or what caused it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return "code" in error && typeof error.code === "string" ? error.code : codeOf(error.cause);
}

/** What the operator can do about a database that cannot be used; other errors come back as they are. */
export function explainDatabaseError(error: unknown, url: string): unknown {
  if (error instanceof ConfigError) return error;
  const explained = explanationOf(codeOf(error), url);
  if (!explained) return error;
  const detail = error instanceof AggregateError ? messageOf(error.errors[0]) : messageOf(error);
  return new ConfigError([{ variable: "DATABASE_URL", problem: `${explained[0]} (${detail})`, remedy: explained[1] }]);
}

/** @throws ConfigError for a server that is too old. `versionNum` is `server_version_num`, such as 150004. */
export function assertVersion(versionNum: number, url: string): void {
  if (versionNum >= OLDEST * 10_000) return;
  throw new ConfigError([
    {
      variable: "DATABASE_URL",
      problem: `PostgreSQL ${Math.floor(versionNum / 10_000)} at ${withoutPassword(url)} is too old`,
      remedy: `Use PostgreSQL ${OLDEST} or newer, or unset DATABASE_URL for the embedded one.`,
    },
  ]);
}

function explanationOf(code: string | undefined, url: string): readonly [problem: string, remedy: string] | undefined {
  const { username } = new URL(url);
  switch (code) {
    case "ECONNREFUSED":
    case "ECONNRESET":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ETIMEDOUT":
      return [
        `there is no way to PostgreSQL at ${withoutPassword(url)}`,
        "Start it, mend its host and port in DATABASE_URL, or unset DATABASE_URL for the embedded one.",
      ];
    case "28P01":
    case "28000":
      return [
        `PostgreSQL refuses the role '${username}'`,
        "Mend the user and password in DATABASE_URL, or allow it in pg_hba.conf.",
      ];
    case "3D000":
      return [
        `the database '${databaseName(url)}' does not exist and could not be created`,
        `Create it (CREATE DATABASE ${quote(databaseName(url))} OWNER ${quote(username)};) or name another in DATABASE_URL.`,
      ];
    case "42501":
      return [
        `the role '${username}' may not do what a migration needs`,
        `Give it its database (ALTER DATABASE ${quote(databaseName(url))} OWNER TO ${quote(username)};) or name its owner in DATABASE_URL.`,
      ];
    case "53300":
      return [
        "PostgreSQL has no connection left",
        "Raise max_connections, or run fewer processes on the database of DATABASE_URL.",
      ];
    case "P3005":
      return [
        `the database '${databaseName(url)}' holds somebody else's tables`,
        `Name an empty or a missing database in DATABASE_URL: CREATE DATABASE companyos OWNER ${quote(username)};`,
      ];
    case undefined:
    default:
      return undefined;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
