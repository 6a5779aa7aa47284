import { z } from "zod";
import { GoneError } from "../../errors.js";
import type { Reading } from "../../store/read-as.js";
import type { Sql } from "../../store/store.js";
import type { Answer, PageContext } from "./page.js";
import { given } from "./parts/table.js";

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
const DEPLOYMENT = /([\w.-]+\/[\w.-]+)\/deployments\/(\d{1,18})/;
const NUMBERED = /([\w.-]+\/[\w.-]+)(?:\/(?:pull|pulls|issues|discussions)\/|#|\/)(\d{1,9})(?:\D|$)/;
const BARE = /^#?(\d{1,9})$/;
const SHA = /(?:^|\/commit\/|\s)([0-9a-f]{7,40})(?:\W|$)/i;

const Place = z.object({ full_name: z.string(), number: z.coerce.number() });

/** Finds the story for pasted text: an address at GitHub, `owner/name#1`, a SHA, a GUID, or a number. */
export async function find(context: PageContext): Promise<Answer> {
  const text = given(context.url, "q") ?? "";
  const guid = GUID.exec(text)?.[0];
  if (guid !== undefined) return { location: `/story/${guid.toLowerCase()}` };
  const deployment = DEPLOYMENT.exec(text);
  if (deployment) return { location: `/story/${deployment[1]}/deployments/${deployment[2]}` };
  const path = text.replace(/^https?:\/\/[^/]+\//, "").replace(/[?].*$/, "");
  const numbered = NUMBERED.exec(path);
  if (numbered) return { location: `/story/${numbered[1]}/${numbered[2]}` };
  const bare = BARE.exec(text.trim());
  const place = await context.read(async (reading) => {
    if (bare) return byNumber(reading, Number(bare[1]));
    const sha = SHA.exec(text)?.[1];
    return sha === undefined ? null : bySha(reading.sql, sha.toLowerCase());
  });
  if (place) return { location: `/story/${place.full_name}/${place.number}` };
  if (bare || text === "") throw new GoneError(`Nothing with the number ${text} is stored, or you may not see it.`);
  return { location: `/activity?text=${encodeURIComponent(text)}` };
}

/** The most recently changed pull request or issue with that number. */
async function byNumber({ sql }: Reading, number: number) {
  const [row] = await sql.query(
    `SELECT r.full_name, t.number FROM (
       SELECT repository_id, number, updated_at FROM pull_requests WHERE number = $1 AND repository_id IN (SELECT id FROM repositories)
       UNION ALL SELECT repository_id, number, updated_at FROM issues WHERE number = $1 AND repository_id IN (SELECT id FROM repositories)
     ) t JOIN repositories r ON r.id = t.repository_id ORDER BY t.updated_at DESC LIMIT 1`,
    [number],
  );
  return row ? Place.parse(row) : null;
}

/**
 * The pull request whose head, merge or reviewed head begins with these hexadecimal digits. A range instead of LIKE:
 * with row-level security PostgreSQL uses an index only for leakproof operators.
 */
export async function bySha(sql: Sql, sha: string) {
  const [row] = await sql.query(
    `SELECT r.full_name, t.number FROM (
       SELECT repository_id, number, updated_at FROM pull_requests WHERE head_sha ~>=~ $1 AND head_sha ~<~ $2
       UNION ALL SELECT repository_id, number, updated_at FROM pull_requests WHERE merge_commit_sha ~>=~ $1 AND merge_commit_sha ~<~ $2
       UNION ALL SELECT repository_id, number, created_at FROM agent_runs WHERE head_sha ~>=~ $1 AND head_sha ~<~ $2 AND number IS NOT NULL
     ) t JOIN repositories r ON r.id = t.repository_id ORDER BY t.updated_at DESC LIMIT 1`,
    [sha, `${sha}g`],
  );
  return row ? Place.parse(row) : null;
}
