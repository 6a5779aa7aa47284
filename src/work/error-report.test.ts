import { expect, test } from "vitest";
import { NetworkError } from "../errors.js";
import { createLog } from "../log.js";
import { errorReport } from "./error-report.js";

function reporting() {
  const lines: unknown[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  const log = createLog({ level: "warn", repeatMs: 0, destination });
  const clock = { now: 0 };
  return { lines, clock, report: errorReport(log, () => clock.now) };
}

test("each distinct error once a minute, with the number left out", () => {
  const { lines, clock, report } = reporting();
  for (let i = 0; i < 10_000; i++) report("agents worker", new Error(`job ${i} is not in the active state`));
  report("sync worker", new Error("job 1 is not in the active state"));
  report("agents worker", new TypeError("job 1 is not in the active state"));
  expect(lines).toMatchObject([
    { where: "agents worker", suppressed: 0 },
    { where: "sync worker", suppressed: 0 },
    { where: "agents worker", err: { type: "TypeError" } },
  ]);
  clock.now = 60_000;
  report("agents worker", new Error("job 1 is not in the active state"));
  expect(lines[3]).toMatchObject({ where: "agents worker", suppressed: 9_999 });
});

test("an unavailable backend is one log line a minute, without a stack", () => {
  const { lines, clock, report } = reporting();
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  report("agents worker", refused);
  report("sync worker", refused);
  report("schedules", new NetworkError("redis queue schedules, schedules: no answer within 3000 ms"));
  expect(lines).toMatchObject([{ where: "agents worker", reason: refused.message, suppressed: 0 }]);
  expect(JSON.stringify(lines)).not.toContain("stack");
  clock.now = 60_000;
  report("sync worker", refused);
  expect(lines[1]).toMatchObject({ where: "sync worker", suppressed: 2 });
});
