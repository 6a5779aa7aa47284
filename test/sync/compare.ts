import type { RunningGitHub } from "../../simulator/start.js";
import { GHOST } from "../../simulator/organisation/random/context.js";
import { dump } from "../../simulator/organisation/dump.js";
import type { Sql } from "../../src/store/store.js";
import { differences, expectedTables } from "../property/expected.js";
import { storedTables, type Tables } from "../property/rows.js";

type Dump = ReturnType<typeof dump>;

/** What differs between the organisation and its mirror, field by field, for people; empty when nothing does. */
export async function differencesOf(
  github: RunningGitHub,
  sql: Sql,
  installationId: bigint,
): Promise<readonly string[]> {
  const { organisation } = github.simulation;
  const installation = organisation.installations.get(Number(installationId));
  if (!installation) throw new Error("the app is not installed");
  const expected = expectedTables(organisation, installation, []);
  const { commits, pull_requests: pulls } = dump(organisation, installation);
  const stored = await storedTables(sql, installationId);
  // Pushes are what happened: no read tells them. Commits are compared below.
  const compared = (all: Tables): Tables => ({ ...withoutBots(all), pushes: [], commits: [], users: [] });
  const tables = differences(compared(expected), compared(stored));
  return [
    ...tables,
    ...(await commitDifferences(commits, sql, installationId)),
    ...(await linkDifferences(pulls, sql, installationId)),
    ...(await checksDifferences(pulls, sql, installationId)),
  ];
}

/** GraphQL's `assignees` has no bots: one whose delivery is lost cannot be read. */
function withoutBots(tables: Tables): Tables {
  const people = <R extends Tables["issues"][number]>(row: R): R => {
    const { assignees } = row;
    return Array.isArray(assignees) ? { ...row, assignees: assignees.filter((login) => !isBot(login)) } : row;
  };
  return { ...tables, issues: tables.issues.map(people), pull_requests: tables.pull_requests.map(people) };
}

const isBot = (login: unknown): boolean => String(login).endsWith("[bot]");

async function commitDifferences(
  commits: Dump["commits"],
  sql: Sql,
  installationId: bigint,
): Promise<readonly string[]> {
  const rows = await sql.query(
    `SELECT c.repository_id::text || ' ' || sha AS key, message, author_login AS author,
       to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS committed_at
     FROM commits c JOIN repositories r ON r.id = c.repository_id WHERE c.installation_id = $1 AND r.deleted_at IS NULL
       AND r.access_removed_at IS NULL`,
    [installationId],
  );
  // A push names an account that is gone since, which the commit keeps, and a bot, which GraphQL's `user` is not.
  const named = (author: unknown): unknown => (author === GHOST || isBot(author) ? null : author);
  const stored = new Map(
    rows.map((row) => [row["key"], JSON.stringify([row["message"], named(row["author"]), row["committed_at"]])]),
  );
  return commits.flatMap(({ repository_id, sha, message, author, committed_at }) => {
    const mine = stored.get(`${repository_id} ${sha}`);
    const wanted = JSON.stringify([message.replaceAll("\0", "\uFFFD"), named(author), committed_at]);
    return mine === wanted ? [] : [`commits ${repository_id} ${sha}: ${mine ?? "missing"}, not ${wanted}`];
  });
}

async function linkDifferences(
  pulls: Dump["pull_requests"],
  sql: Sql,
  installationId: bigint,
): Promise<readonly string[]> {
  const rows = await sql.query(
    `SELECT l.pull_request_id::text AS id, array_agg(l.issue_number ORDER BY l.issue_number) AS closes
     FROM linked_issues l JOIN pull_requests p ON p.id = l.pull_request_id JOIN repositories r ON r.id = p.repository_id
     WHERE l.installation_id = $1 AND p.deleted_at IS NULL AND r.deleted_at IS NULL AND r.access_removed_at IS NULL GROUP BY 1`,
    [installationId],
  );
  const stored = new Map(rows.map((row) => [String(row["id"]), JSON.stringify(row["closes"])]));
  return pulls.flatMap(({ id, closes }) => {
    const mine = stored.get(String(id)) ?? "[]";
    return mine === JSON.stringify(closes) ? [] : [`linked_issues ${id}: ${mine}, not ${JSON.stringify(closes)}`];
  });
}

/** Of open pull requests: what becomes of the checks of a closed one nobody reads. */
async function checksDifferences(
  pulls: Dump["pull_requests"],
  sql: Sql,
  installationId: bigint,
): Promise<readonly string[]> {
  const rows = await sql.query(
    "SELECT id::text AS id, checks_state FROM pull_requests WHERE installation_id = $1 AND deleted_at IS NULL",
    [installationId],
  );
  const stored = new Map(rows.map((row) => [String(row["id"]), row["checks_state"]]));
  return pulls.flatMap(({ id, state, checks_state: wanted }) => {
    const mine = stored.get(String(id)) ?? null;
    const different = `checks_state ${id}: ${JSON.stringify(mine)}, not ${JSON.stringify(wanted)}`;
    return state !== "open" || mine === wanted ? [] : [different];
  });
}
