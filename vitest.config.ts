import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";
import { UNIT_FILES } from "./test/support/unit-files.js";

const test = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // Most of these wait for a process, a lease or a server: more workers than cores keep the cores busy.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...test,
          name: "parts",
          globalSetup: ["test/support/global-setup.ts"],
          include: ["{src,demo,bench,test,scripts}/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...UNIT_FILES],
        },
      },
      { test: { ...test, name: "unit", include: [...UNIT_FILES], isolate: false } },
    ],
  },
});
