import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";

/** The random histories in full length: `npm run test:long`. `npm test` plays fewer of them. */
export default defineConfig({
  test: {
    include: [
      "test/property.int.test.ts",
      "test/sync/late.int.test.ts",
      "test/sync/converge.int.test.ts",
      "test/recovery/downtime.int.test.ts",
    ],
    globalSetup: ["test/support/build.ts", "test/support/global-setup.ts"],
    maxWorkers: 3,
    isolate: false,
    execArgv: ["--max-semi-space-size=64"],
    sequence: { sequencer: LongestFirst },
    testTimeout: 600_000,
    hookTimeout: 60_000,
    env: { PROPERTY_SEEDS: "100", SYNC_SEEDS: "12", RECOVERY_CHANGES: "2000" },
  },
});
