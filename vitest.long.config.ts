import { mergeConfig } from "vitest/config";
import base from "./vitest.config.js";

/** The random histories in full length: `npm run test:long`. `npm test` plays fewer of them. */
const long = mergeConfig(base, {
  test: {
    testTimeout: 600_000,
    env: { PROPERTY_SEEDS: "100", SYNC_SEEDS: "12", RECOVERY_CHANGES: "2000" },
  },
});
long.test = {
  ...long.test,
  include: [
    "test/property.int.test.ts",
    "test/sync/late.int.test.ts",
    "test/sync/converge.int.test.ts",
    "test/recovery/downtime.int.test.ts",
  ],
};

export default long;
