import type { Sql } from "../src/store/store.js";

/** The rules that the story's pull request breaks, and mends. */
const PLANTED = ["debugger-statement", "focused-test", "swallowed-error"];

/** What the review of the story's pull request should have come to, and did not. */
export async function reviewComplaints(sql: Sql): Promise<readonly string[]> {
  const findings = await sql.query(
    `SELECT f.rule, f.state FROM findings f JOIN repositories r ON r.id = f.repository_id
     WHERE r.full_name = 'acme/shop' AND f.rule = ANY($1) ORDER BY f.rule`,
    [PLANTED],
  );
  const said = findings.map(({ rule, state }) => `${String(rule)} ${String(state)}`);
  const wanted = PLANTED.map((rule) => `${rule} fixed`);
  if (said.join() === wanted.join()) return [];
  return [`the review found and saw mended '${said.join(", ")}' and not '${wanted.join(", ")}'`];
}

/** What the reviews came to, in one line. */
export async function reviewLine(sql: Sql): Promise<string> {
  const [runs] = await sql.query(
    `SELECT count(*)::int AS runs, count(*) FILTER (WHERE status = 'done' AND skipped IS NULL)::int AS reviews,
       coalesce(sum(requests), 0)::int AS requests FROM agent_runs WHERE agent = 'code-review'`,
  );
  const rules = await sql.query("SELECT state, count(*)::int AS count FROM findings GROUP BY state ORDER BY state");
  const findings = rules.map(({ state, count }) => `${String(count)} ${String(state)}`).join(", ") || "none";
  return `reviews: ${String(runs?.["reviews"])} of ${String(runs?.["runs"])} runs, ${String(runs?.["requests"])} requests   findings: ${findings}`;
}
