import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { clockComplaints } from "./clock-complaints.js";

/** Rooms whose every decision about time is tested: they take a `Clock` and their waits by argument. */
const ROOMS = [
  "src/health",
  "src/alerts",
  "src/jobs/health",
  "src/runs",
  "src/jobs/sync",
  "src/jobs/recovery",
  "src/sync",
  "src/agents",
];

/** Files that may, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "src/agents/code-review/inspect/child-process.ts": "kills a native parser that hangs: only real time can tell",
  "src/alerts/post-json.ts": "ends a request that hangs: only real time can tell",
  "src/runs/code-review/read-change.ts": "lets others have their turn; it waits for no time",
  "src/runs/triage/train-job.ts": "lets others have their turn; it waits for no time",
  "src/agents/model/provider.ts": "ends a request that hangs: only real time can tell",
};

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...ROOMS], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file.endsWith(".ts") && !file.includes(".test.") && !Object.hasOwn(EXCEPTIONS, file));

const complaints = files.flatMap((file) =>
  clockComplaints(readFileSync(file, "utf8")).map((found) => `${file}:${found}`),
);
for (const complaint of complaints) console.error(`${complaint} (time comes by argument: domain.ts, Clock)`);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`clock: ${files.length} files take their time by argument`);
