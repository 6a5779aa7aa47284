import type { Probot } from "probot";
import { readConfig } from "./config.js";
import { HANDLED_EVENTS } from "./domain.js";
import { handlerOf } from "./process/decide.js";

/** One delivery as every host hands it on: parsed, but trusted for nothing. */
export interface ReceivedEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/** Registers one listener for each handled event; all of them lead to the same transaction. */
export function registerHandlers(probot: Probot, receive: (event: ReceivedEvent) => Promise<void>): void {
  for (const name of HANDLED_EVENTS) probot.on(name, ({ id, payload }) => receive({ id, name, payload }));
}

/**
 * The app for `probot receive`: stores what the payload says, runs the jobs it calls for, prints both and what would be
 * written to GitHub, calls nothing; of an event that is not handled it says so. The server registers the same handlers with its queue behind them (`main.ts`).
 */
export default function app(probot: Probot): void {
  registerHandlers(probot, async (event) => {
    // The server registers the same handlers, and never loads the host that runs without one.
    const { runDry } = await import("./host/inline/run-dry.js");
    await runDry(event, readConfig());
  });
  probot.onAny(({ name }) => {
    const handler = handlerOf(name);
    if ("reason" in handler) process.stdout.write(`${handler.reason}\n`);
  });
}
