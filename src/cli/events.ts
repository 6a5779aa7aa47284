import { Command } from "commander";
import { messageOf } from "../errors.js";
import { withBodies } from "../events/pump.js";
import type { EventSink } from "../events/sink.js";
import { eventSinks } from "../host/events.js";
import { redact } from "../log.js";
import { plain } from "../reports/plain.js";
import { type CursorState, cursorStates, deadLetters, letterDelivered } from "../store/events/cursors.js";
import { findEvents } from "../store/events/event-log.js";
import type { Sql } from "../store/store.js";
import { EXIT } from "./failure.js";
import { loadConfig, withStore } from "./open.js";
import { renderTable } from "./table.js";

const clock = { now: () => new Date() };
/** The most dead letters sent by one call. */
const MOST = 1_000;

export function eventsCommand(): Command {
  return new Command("events")
    .description("show how far each reader of the event bus has come; exits 1 if one fails or has dead letters")
    .option("--retry", "send the dead letters again")
    .option("--json", "print the state as JSON")
    .action(async (options: { readonly retry?: true; readonly json?: true }) => {
      const config = await loadConfig();
      await withStore(config, async ({ sql }) => {
        if (options.retry) for (const sink of eventSinks(config.events, clock)) await retry(sql, sink);
        const states = await cursorStates(sql);
        const json = () =>
          JSON.stringify(
            states.map((state) => ({ ...state, position: String(state.position) })),
            null,
            2,
          );
        process.stdout.write(`${options.json ? json() : draw(states)}\n`);
        if (states.some((state) => state.error !== null || state.dead_letters > 0)) process.exitCode = EXIT.failed;
      });
    });
}

async function retry(sql: Sql, sink: EventSink): Promise<void> {
  const ids = await deadLetters(sql, sink.name, MOST);
  try {
    for (const event of await withBodies(sql, await findEvents(sql, ids))) {
      await sink.send([event], () => undefined, AbortSignal.timeout(30_000));
      await letterDelivered(sql, sink.name, event.id, clock.now());
      process.stdout.write(`${sink.name}: ${event.id} sent\n`);
    }
  } catch (error) {
    process.stdout.write(`${sink.name}: ${redact(plain(messageOf(error)))}\n`);
  } finally {
    await sink.close();
  }
}

function draw(states: readonly CursorState[]): string {
  return renderTable(
    ["reader", "position", "behind", "dead letters", "next attempt", "reason"],
    states.map((state) => [
      plain(state.name),
      String(state.position),
      String(state.behind),
      String(state.dead_letters),
      state.retry_at === null ? "" : state.retry_at.toISOString(),
      plain(state.error ?? ""),
    ]),
    { columns: process.stdout.columns, right: [1, 2, 3], optional: [4], compact: true },
  );
}
