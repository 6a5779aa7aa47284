import { isDeepStrictEqual } from "node:util";
import type { Sql } from "../src/store/store.js";
import type { Visible } from "../simulator/control/visible.js";
import type { Control } from "../simulator/index.js";
import { FORCE_PUSHED, FINDINGS_FIXED, PLANTED } from "../simulator/organisation/story.js";

/** The story's pull request with planted defects. */
const PULL = { repository: "acme/shop", number: 3 };

const TEST = "src/discount.test.ts";
const SOURCE = "src/discount.ts";

function seen(state: { readonly resolved: boolean; readonly minimized: string | null }, check: object) {
  return {
    reviews: ["2 failures, 1 notice in what changed."],
    comments: [
      { path: TEST, line: 1, rule: "focused-test", ...state },
      { path: SOURCE, line: 2, rule: "debugger-statement", ...state },
      { path: SOURCE, line: 9, rule: "swallowed-error", ...state },
    ],
    checks: [{ name: "companyos / review", status: "completed", ...check }],
  };
}

const OPEN = { resolved: false, minimized: null };
const failed = (annotations: readonly string[]) => ({
  conclusion: "failure",
  title: "2 failures, 1 notice",
  annotations,
});

/** All of ours that is to be seen on it after a step of the story. */
const EXPECTED: ReadonlyMap<string, object> = new Map([
  [
    PLANTED,
    seen(
      OPEN,
      failed([
        `${TEST}:1 failure focused-test`,
        `${SOURCE}:2 failure debugger-statement`,
        `${SOURCE}:9 notice swallowed-error`,
      ]),
    ),
  ],
  // Said once: the comments stay, and the check is about the lines as they are now.
  [
    FORCE_PUSHED,
    seen(
      OPEN,
      failed([
        `${TEST}:2 failure focused-test`,
        `${SOURCE}:3 failure debugger-statement`,
        `${SOURCE}:10 notice swallowed-error`,
      ]),
    ),
  ],
  [
    FINDINGS_FIXED,
    // Threads stay open: the App does not ask for `contents: write`.
    seen(
      { resolved: false, minimized: "RESOLVED" },
      { conclusion: "success", title: "No problems found", annotations: [] },
    ),
  ],
]);

/** What is to be seen of the review after a step, and is not. */
export async function reviewComplaints(control: Control, step: string): Promise<readonly string[]> {
  const wanted = EXPECTED.get(step);
  if (!wanted) return [];
  const { reviews, comments, checks }: Visible = await control.run("visible", PULL);
  const found = { reviews: reviews.map(({ body }) => body), comments, checks };
  if (isDeepStrictEqual(found, wanted)) return [];
  return [`after '${step}' GitHub shows ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
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
