import type { Sql } from "../src/store/store.js";
import type { Control } from "../simulator/index.js";

const REPOSITORY = "acme/desk";
const FORM = `name: Bug
labels: [bug]
body:
  - type: input
    attributes: { label: Version }
    validations: { required: true }
  - type: textarea
    attributes: { label: What happens }
    validations: { required: true }
`;
const FILES = [
  { path: ".github/ISSUE_TEMPLATE/bug.yml", content: FORM },
  { path: ".github/companyos.yml", content: "triage: { waitMinutes: 0 }\n" },
];
const ISSUE = {
  title: "The drawer does not open",
  body: "### Version\n\n_No response_\n\n### What happens\n\nIt crashes when I pull.\n",
};

/** Opens an issue whose form is not filled in: triage labels it and asks one question. Gives what did not come out. */
export async function triageScene(
  control: Control,
  say: (text: string) => void,
  settle: () => Promise<void>,
): Promise<readonly string[]> {
  say("    an issue is opened with an empty field, and is triaged");
  await control.apply("createRepository", { repository: REPOSITORY, files: FILES });
  await control.run("idle", {});
  await settle();
  const { number = 0 } = await control.apply("openIssue", { repository: REPOSITORY, ...ISSUE, by: "mona" });
  await control.run("idle", {});
  await settle();
  const { issues, comments } = await control.run("dump", {});
  const questions = comments.filter(({ body }) => body.includes("- `Version`"));
  const labels = issues.find(({ title }) => title === ISSUE.title)?.labels ?? [];
  const told = `after '${REPOSITORY}#${number} is opened'`;
  return [
    ...(labels.join() === "bug" ? [] : [`${told} its labels are ${labels.join(", ") || "none"} and not bug`]),
    ...(questions.length === 1 ? [] : [`${told} the empty field is asked for ${questions.length} times and not once`]),
  ];
}

/** What triage came to, in one line. */
export async function triageLine(sql: Sql): Promise<string> {
  const [row] = await sql.query(
    `SELECT count(*)::int AS runs, (SELECT count(*)::int FROM effects WHERE kind = 'labels' AND status = 'done'
       AND request->>'occasion' LIKE 'triage %') AS labelled,
       (SELECT count(*)::int FROM effects WHERE kind = 'comment' AND status = 'done' AND target LIKE '%/comment:triage') AS questions
     FROM agent_runs WHERE agent = 'triage'`,
  );
  const [runs, labelled, questions] = [row?.["runs"], row?.["labelled"], row?.["questions"]].map(String);
  return `triage: runs ${runs}, issues labelled ${labelled}, questions ${questions}`;
}
