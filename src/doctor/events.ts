import type { Config } from "../config.js";
import { messageOf } from "../errors.js";
import { redact } from "../log.js";
import { cursorStates, ROUTER } from "../store/events/cursors.js";
import type { Sql } from "../store/store.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "event bus";

/** Whether the configured sinks receive their events. */
export async function checkEvents(sql: Sql, { amqpUrl, webhookUrl, redisUrl }: Config["events"]): Promise<Finding> {
  const configured = [
    ...(amqpUrl === undefined ? [] : ["amqp"]),
    ...(webhookUrl === undefined ? [] : ["webhook"]),
    ...(redisUrl === undefined ? [] : ["redis"]),
  ];
  try {
    const states = (await cursorStates(sql)).filter(({ name }) => name === ROUTER || configured.includes(name));
    const failing = states.filter(({ error }) => error !== null);
    const dead = states.reduce((sum, state) => sum + state.dead_letters, 0);
    if (failing.length > 0)
      return problem(
        CHECK,
        failing
          .map(({ name, behind, error }) => `${name} fails, ${behind} events wait: ${redact(error ?? "")}`)
          .join("; "),
        "Correct the subscriber or its EVENTS_ variables; the app then sends the events again.",
      );
    if (dead > 0)
      return problem(
        CHECK,
        `${dead} events were refused`,
        "Correct the subscriber, then run 'companyos-github events --retry'.",
      );
    return ok(CHECK, configured.length === 0 ? "no sink is configured" : `sent to ${configured.join(", ")}`);
  } catch (error) {
    return unknown(CHECK, `cannot read the database: ${redact(messageOf(error))}`);
  }
}
