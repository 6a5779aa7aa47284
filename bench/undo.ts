import { createLog } from "../src/log.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { migrate } from "../src/store/migrate.js";
import { openStore } from "../src/store/store.js";
import { runUndo } from "../test/effects/undo-run.js";

const WANTED = { effects: 5_000, touched: 300, kills: 20 };

/** Takes back 5,000 effects, 300 of them touched by a person since, in processes that are killed 20 times. */
export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const log = createLog({ level: "warn" });
  await withTemporary({ prefix: "companyos-bench-", log, durable: true }, async (url) => {
    await migrate(url, { log });
    const store = openStore({ url, poolSize: 4, applicationName: "companyos bench" });
    try {
      const began = performance.now();
      const figures = await runUndo({ store, url }, WANTED);
      const { takenBack, lost, standing, doubled, kills } = figures;
      const met =
        takenBack === WANTED.effects - WANTED.touched && lost + standing + doubled === 0 && kills === WANTED.kills;
      report({ figure: "undo", ...figures, seconds: Math.round((performance.now() - began) / 1_000), met });
    } finally {
      await store.close();
    }
  });
}
