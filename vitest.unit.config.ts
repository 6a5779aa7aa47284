import { defineConfig } from "vitest/config";
import { UNIT_FILES } from "./test/support/unit-files.js";

/** The unit tests of `npm run check`. `npm test` runs those as well. */
// Some start the process that parses, which takes seconds on a busy machine: the patience of `npm test`.
export default defineConfig({
  test: { include: [...UNIT_FILES], isolate: false, maxWorkers: 2, testTimeout: 30_000 },
});
