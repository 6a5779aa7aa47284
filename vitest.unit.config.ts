import { defineConfig } from "vitest/config";

/** The unit tests of `npm run check`: pure values, no server, seconds. A test that needs a server is `*.int.test.ts`. */
// Some start the process that parses, which takes seconds on a busy machine: the patience of `npm test`.
// They share modules: without servers there is nothing to keep apart, and half of the time went into loading them again.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    exclude: ["**/*.int.test.ts"],
    maxWorkers: 2,
    isolate: false,
    globalSetup: ["test/support/build.ts"],
    testTimeout: 30_000,
  },
});
