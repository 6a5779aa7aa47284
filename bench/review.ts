import { runNoise } from "./review/noise/run-noise.js";
import { runRecall } from "./review/recall/run-recall.js";

/** The figures of the code review agent. */
export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  await runRecall(report);
  await runNoise(report);
}
