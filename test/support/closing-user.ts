import { setTimeout as delay } from "node:timers/promises";
import { closingOnSignals } from "../../src/store/embedded/closing-on-signals.js";

/** A process that has one thing open and opens another within its work, until it is ended. Says what happens to each. */
const [openMs = "0", closeMs = "0", failing = ""] = process.argv.slice(2);

async function open(name: string, ms: number): Promise<string> {
  await delay(ms);
  console.log(`${name} opened`);
  return name;
}

async function close(name: string): Promise<void> {
  await delay(Number(closeMs));
  if (name === failing) throw new Error(`${name} cannot be closed`);
  console.log(`${name} closed`);
}

console.log("started");
await closingOnSignals(open("outer", Number(openMs)), close, () =>
  closingOnSignals(open("inner", Number(openMs)), close, () => delay(600_000)),
);
