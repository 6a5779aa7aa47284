import { createLog } from "../../src/log.js";
import { withTemporary } from "../../src/store/embedded/temporary.js";

/** A process that works on a temporary database, of the prefix in argv[2], until it is ended: says its URL first. */
await withTemporary({ prefix: process.argv[2] ?? "", log: createLog({ level: "silent" }) }, async (url) => {
  console.log(url);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
