import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "demo/**/*.test.ts",
      "simulator/**/*.test.ts",
      "bench/**/*.test.ts",
      "test/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    globalSetup: ["test/support/build.ts", "test/support/global-setup.ts"],
    // Most of these wait for a process, a lease or a server: more workers than cores keep the cores busy.
    maxWorkers: 3,
    isolate: false,
    // They make much that is soon thrown away.
    execArgv: ["--max-semi-space-size=64"],
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
