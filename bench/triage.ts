import { existsSync } from "node:fs";
import { runDuplicates } from "./triage/duplicates.js";
import { readHadoop } from "./triage/hadoop.js";
import { runLabels } from "./triage/labels.js";

type Report = (figure: Record<string, unknown>) => void;

/** Never part of the project: its licence asks for attribution, and its size for another place. */
const DATA = "../shared/triage-data";

/** The figures of issue triage. `docs/triage.md` says how each is made, and what it does not show. */
export async function run(report: Report): Promise<void> {
  const hadoop = existsSync(`${DATA}/hadoop.csv`) ? readHadoop(DATA) : null;
  if (hadoop === null) report({ bench: "triage", set: "GitBugs Hadoop", skipped: `${DATA} is not there` });
  else await runDuplicates(report, hadoop);
  await runLabels(report, hadoop);
}
