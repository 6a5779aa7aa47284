import { z } from "zod";
import { differencesOf, expectedMirror, type Mirror } from "../../test/property/expected.js";
import { storedRows } from "../../test/property/rows.js";
import type { Store } from "../../src/store/store.js";
import type { Organisation } from "./organisation.js";

const TABLES = [
  "repositories",
  "labels",
  "pull_requests",
  "reviews",
  "issues",
  "comments",
  "commits",
  "deployments",
  "deployment_statuses",
  "releases",
] as const satisfies readonly (keyof Mirror)[];

const Links = z.object({ id: z.coerce.number(), closes: z.array(z.number()) });

/** Rows that differ from the organisation in any column: missing, too many, or with another content. Empty: none. */
export async function staleRows(
  store: Store,
  { github, installationId }: Organisation,
): Promise<Readonly<Record<string, number>>> {
  const dump = await github.control.run("dump", { installation: Number(installationId) });
  const expected = expectedMirror(dump);
  const stale: Record<string, number> = {};
  const count = (name: string, rows: number): void => {
    if (rows > 0) stale[name] = rows;
  };
  for (const name of TABLES) {
    const stored = await storedRows(store.sql, installationId, name);
    const differences = differencesOf(name, expected[name], stored);
    count(name, new Set(differences.map((text) => text.slice(0, text.indexOf(":")))).size);
  }
  const rows = await store.sql.query(
    `SELECT l.pull_request_id AS id, array_agg(l.issue_number ORDER BY l.issue_number) AS closes FROM linked_issues l
     JOIN pull_requests p ON p.id = l.pull_request_id WHERE p.deleted_at IS NULL GROUP BY 1`,
  );
  const links = new Map(rows.map((row) => Links.parse(row)).map(({ id, closes }) => [id, closes.join()]));
  count("linked_issues", dump.pull_requests.filter(({ id, closes }) => (links.get(id) ?? "") !== closes.join()).length);
  return stale;
}
