import { afterAll, expect, test } from "vitest";
import { settleFindings } from "../../src/store/reviews/findings.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting({ files: [{ path: "README.md", content: "# Shop\n" }] });
afterAll(() => setting.close());
const { control } = setting.github;
const { sql } = setting.database.store;

/** What became of a rule's findings in other pull requests of the repository. */
async function history(rule: string, states: readonly string[]): Promise<void> {
  for (const [index, state] of states.entries())
    await sql.query(
      `INSERT INTO findings (installation_id, repository_id, number, fingerprint, rule, severity, source, path, says, state,
         run_id, last_run_id, created_at, changed_at)
       SELECT installation_id, id, 1000, $1, $2, 'failure', 'rule', 'a.ts', 'x', $3, 0, 0, now(), now()
       FROM repositories WHERE full_name = $4`,
      [`${rule} ${index}`, rule, state, REPOSITORY],
    );
}

const times = (count: number, state: string) => Array.from({ length: count }, () => state);
const token = ["ghp", "k3J9x2Qw7Lm4Zp8Rt6Vb1Nc5Yd0Hf2Gs4Aq8"].join("_");
const content = `debugger;\nexport const token = "${token}";\n`;

async function open() {
  const commits = [{ message: "Change", files: [{ path: "src/a.ts", content }] }];
  const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Change", commits });
  await setting.settle();
  const [review] = setting.visible(number).reviews;
  const run = (await setting.runs()).at(-1);
  const told = setting.visible(number).comments.map(({ rule }) => rule);
  return { number, told, reason: run?.["reason"], summary: review?.body };
}

test("mutes a mostly dismissed rule and reports that; security rules stay", { timeout: 60_000 }, async () => {
  await history("debugger-statement", [...times(9, "open"), ...times(11, "dismissed")]);
  await history("secret", times(20, "dismissed"));
  const muted = await open();
  expect(muted.told).toEqual(["secret"]);
  expect(muted.reason).toBe("Reviewed: 1 failure new, 1 not shown, muted debugger-statement.");
  expect(muted.summary).toContain(
    "Muted in this repository, because most of their findings were dismissed: `debugger-statement` (45 % of 20 findings were kept).",
  );

  const severity = "review:\n  rules:\n    debugger-statement: warning\n";
  const files = [{ path: ".github/companyos.yml", content: severity }];
  await control.apply("push", { repository: REPOSITORY, commits: [{ message: "Settings", files }] });
  const wanted = await open();
  expect(wanted.told).toEqual(["secret", "debugger-statement"]);
  expect(wanted.reason).toBe("Reviewed: 1 failure, 1 warning new.");
});

test("ignoring a rule does not count against fixed findings", async () => {
  const [repository] = await sql.query(
    "SELECT id::text, installation_id::text FROM repositories WHERE full_name = $1",
    [REPOSITORY],
  );
  await history("focused-test", ["fixed", "open", "fixed"]);
  const scope = {
    installationId: BigInt(String(repository?.["installation_id"])),
    repositoryId: BigInt(String(repository?.["id"])),
    number: 1000,
    shadow: false,
  };
  expect(await settleFindings(sql, scope, "ignored", { rule: "focused-test" }, new Date())).toBe(1);
  const states = await sql.query("SELECT state FROM findings WHERE rule = 'focused-test' ORDER BY id");
  expect(states.map(({ state }) => state)).toEqual(["fixed", "ignored", "fixed"]);
});
