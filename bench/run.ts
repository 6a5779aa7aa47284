import { messageOf } from "../src/errors.js";
import { run as dora } from "./dora.js";
import { run as dashboard } from "./dashboard.js";
import { run as flood } from "./flood.js";
import { run as health } from "./health.js";
import { run as ingest } from "./ingest.js";
import { run as review } from "./review.js";
import { run as store } from "./store.js";
import { run as sync } from "./sync.js";
import { run as triage } from "./triage.js";
import { run as undo } from "./undo.js";

/** Prints one figure as one line of JSON. */
export type Report = (figure: Record<string, unknown>) => void;

const BENCHES: Readonly<Record<string, (report: Report) => Promise<void>>> = {
  dashboard,
  ingest,
  flood,
  store,
  sync,
  review,
  health,
  triage,
  undo,
  dora,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `npm run bench -- <name>: ${Object.keys(BENCHES).join(", ")}${unknown.length > 0 ? `; not ${unknown.join(", ")}` : ""}`,
  );
  process.exitCode = 2;
} else {
  const missed: string[] = [];
  const report: Report = (figure) => {
    console.log(JSON.stringify(figure));
    if (figure["met"] === false) missed.push(String(figure["figure"]));
  };
  for (const name of names) {
    try {
      await BENCHES[name]?.(report);
    } catch (error) {
      console.error(`bench ${name}: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
  // All figures are printed first: one that misses its target must be seen, and must not hide the others.
  if (missed.length > 0) {
    console.error(`missed: ${missed.join("; ")}`);
    process.exitCode = 1;
  }
}
