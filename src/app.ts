import type { Probot } from "probot";
import { readConfig } from "./config.js";
import { HANDLED_EVENTS } from "./domain.js";
import { handlerOf } from "./process/decide.js";

/** One parsed delivery. Its content is not trusted. */
export interface ReceivedEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/** Registers one listener for each handled event. All listeners run the same transaction. */
export function registerHandlers(probot: Probot, receive: (event: ReceivedEvent) => Promise<void>): void {
  for (const name of HANDLED_EVENTS) probot.on(name, ({ id, payload }) => receive({ id, name, payload }));
}

/**
 * The app for `probot receive`. It stores the payload's facts, runs the jobs, and prints the jobs and the writes that
 * it would make. It calls no API. For an event without a handler it prints the reason. The server registers the same
 * handlers with its queue (`main.ts`).
 */
export default function app(probot: Probot): void {
  registerHandlers(probot, async (event) => {
    // Imported on first use: the server never loads the inline host.
    const { runDry } = await import("./host/inline/run-dry.js");
    await runDry(event, readConfig());
  });
  probot.onAny(({ name }) => {
    const handler = handlerOf(name);
    if ("reason" in handler) process.stdout.write(`${handler.reason}\n`);
  });
}
