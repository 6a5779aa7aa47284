import { runCost } from "./review/cost.js";
import { runInjection } from "./review/injection/run-injection.js";
import { runNoise } from "./review/noise/run-noise.js";
import { runRecall } from "./review/recall/run-recall.js";
import { runSuites } from "./review/suites/run-suites.js";
import { runRepetition } from "./review/repetition.js";

/** The figures of the code review agent. */
export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  await runRecall(report);
  await runSuites(report, process.env["REVIEW_SUITES"]);
  await runNoise(report);
  await runRepetition(report);
  await runCost(report);
  await runInjection(report);
}
