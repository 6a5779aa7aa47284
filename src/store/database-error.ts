import { ConfigError, messageOf } from "../errors.js";
import { databaseName, withoutPassword } from "./database-url.js";

const OLDEST = 14;

/** The SQLSTATE or the system error code of the error or of its cause, if there is one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return "code" in error && typeof error.code === "string" ? error.code : codeOf(error.cause);
}

/** The operator's remedy for an unusable database. Other errors are returned unchanged. */
export function explainDatabaseError(error: unknown, url: string): unknown {
  if (error instanceof ConfigError) return error;
  const explained = explanationOf(codeOf(error), url);
  if (!explained) return error;
  const detail = error instanceof AggregateError ? messageOf(error.errors[0]) : messageOf(error);
  return new ConfigError([{ variable: "DATABASE_URL", problem: `${explained[0]} (${detail})`, remedy: explained[1] }]);
}

/** The same for PostgreSQL's own errors only, because a command may fail at other servers as well. */
export function explainSqlError(error: unknown, url: string): unknown {
  return /^[0-9A-Z]{5}$/.test(codeOf(error) ?? "") ? explainDatabaseError(error, url) : error;
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
  const database = quote(databaseName(url));
  const role = quote(username);
  switch (code) {
    case "ECONNREFUSED":
    case "ECONNRESET":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ETIMEDOUT":
      return [
        `Cannot connect to PostgreSQL at ${withoutPassword(url)}`,
        "Start PostgreSQL, or check host and port in DATABASE_URL; without DATABASE_URL the app runs an embedded PostgreSQL.",
      ];
    case "28P01":
    case "28000":
      return [
        `PostgreSQL refuses the role '${username}'`,
        "Correct user and password in DATABASE_URL, or allow the role in pg_hba.conf.",
      ];
    case "3D000":
      return [
        `The database '${databaseName(url)}' does not exist`,
        `Create it (CREATE DATABASE ${database} OWNER ${role};), or name another one in DATABASE_URL.`,
      ];
    case "42501":
      return [
        `The role '${username}' lacks a right on the database '${databaseName(url)}'`,
        `Make the role its owner (ALTER DATABASE ${database} OWNER TO ${role};), or grant what docs/database-role.md lists.`,
      ];
    case "53300":
      return [
        "PostgreSQL has no connection left",
        "Raise max_connections, or run fewer processes on the database of DATABASE_URL.",
      ];
    case "P3005":
      return [
        `The database '${databaseName(url)}' holds the tables of another program`,
        `Name an empty or a missing database in DATABASE_URL: CREATE DATABASE companyos OWNER ${role};`,
      ];
    case undefined:
    default:
      return undefined;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
