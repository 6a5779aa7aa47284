import { readFileSync, writeFileSync } from "node:fs";
import { withProcessLock } from "../../src/store/embedded/process-lock.js";

/** A process that takes the lock argv[2]: argv[4] times raises the number in the file argv[3] by one, or holds it for ever. */
const [, , lock = "", file = "", rounds = ""] = process.argv;
if (rounds === "forever") {
  await withProcessLock(lock, 60_000, async () => {
    console.log("held");
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  });
} else
  for (let round = 0; round < Number(rounds); round += 1)
    await withProcessLock(lock, 60_000, async () => {
      const before = Number(readFileSync(file, "utf8"));
      await new Promise((resolve) => setTimeout(resolve, 1));
      writeFileSync(file, String(before + 1));
    });
