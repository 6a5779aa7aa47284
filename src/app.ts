import type { Probot } from "probot";
import { HANDLED_EVENTS } from "./domain.js";

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
