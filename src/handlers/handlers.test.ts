import { describe, expect, it } from "vitest";
import { examples } from "../../test/support/examples.js";
import { CONTENT_EVENTS, HANDLED_EVENTS, isHandledEvent } from "../domain.js";
import { InvalidError } from "../errors.js";
import { HANDLERS } from "./registry.js";

const all = examples();

describe("the handlers", () => {
  it("read every example of their events", () => {
    const own = all.filter(({ event }) => isHandledEvent(event));
    expect(own.filter(({ event }) => CONTENT_EVENTS.some((name) => name === event))).toHaveLength(99);
    for (const { event, payload } of own) {
      if (!isHandledEvent(event)) continue;
      const reading = HANDLERS[event].read(payload);
      const expected = event === "github_app_authorization" ? 0 : 1;
      expect(reading.facts.length, `${event} ${String(payload["action"])}`).toBeGreaterThanOrEqual(expected);
    }
  });

  it("know every action of the examples", () => {
    const unknown = all.filter(
      ({ event, payload }) =>
        isHandledEvent(event) && HANDLERS[event].actions?.includes(String(payload["action"])) === false,
    );
    expect(unknown).toEqual([]);
  });

  it.each(HANDLED_EVENTS)("refuse every example of another event under the name %s", (name) => {
    const handler = HANDLERS[name];
    const accepted = all
      .filter(({ event }) => event !== name)
      .filter(({ payload }) => {
        try {
          handler.read(payload);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidError);
          return false;
        }
        // An action that the event has not is 'not handled': nothing is done about it.
        return handler.actions === null || handler.actions.includes(String(payload["action"]));
      })
      .map(({ event, payload }) => `${event}.${String(payload["action"])}`);
    expect(accepted).toEqual([]);
  });
});
