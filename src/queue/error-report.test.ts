import { expect, test } from "vitest";
import { createLog } from "../log.js";
import { errorReport } from "./error-report.js";

test("each distinct error once a minute, with the number left out", () => {
  const lines: unknown[] = [];
  const log = createLog({ level: "warn", destination: { write: (line: string) => lines.push(JSON.parse(line)) } });
  let now = 0;
  const report = errorReport(log, () => now);
  for (let i = 0; i < 10_000; i++) report("agents worker", new Error(`connect ECONNREFUSED 127.0.0.1:${i}`));
  report("sync worker", new Error("connect ECONNREFUSED 127.0.0.1:1"));
  report("agents worker", new TypeError("connect ECONNREFUSED 127.0.0.1:1"));
  expect(lines).toMatchObject([
    { where: "agents worker", suppressed: 0 },
    { where: "sync worker", suppressed: 0 },
    { where: "agents worker", err: { type: "TypeError" } },
  ]);
  now = 60_000;
  report("agents worker", new Error("connect ECONNREFUSED 127.0.0.1:1"));
  expect(lines[3]).toMatchObject({ where: "agents worker", suppressed: 9_999 });
});
