import { createLog } from "../../src/log.js";
import { startEmbedded } from "../../src/store/embedded/start.js";

/** A process that uses the embedded database below argv[2]: says its URL, and releases it when its input ends. */
const database = await startEmbedded({
  dataDir: process.argv[2] ?? "",
  log: createLog({ level: "silent" }),
  durable: false,
});
console.log(database.url);
process.stdin.resume().once("end", () => {
  void database.release().then(() => process.exit(0));
});
