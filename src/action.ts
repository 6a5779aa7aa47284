import { randomUUID } from "node:crypto";
import { run } from "@probot/adapter-github-actions";
import { registerHandlers } from "./app.js";
import { actionEventName, readActionToken, readConfig, secretValues } from "./config.js";
import { isHandledEvent } from "./domain.js";
import { messageOf } from "./errors.js";
import { runAction } from "./inline/run-action.js";
import { redact } from "./log.js";

/**
 * The GitHub Action's entry: the same handlers, inline. The adapter ends green whatever happens, so the exit code is set
 * here: 1 unless the event was handled, or is one that the app does not listen to.
 */
const state: { ended: "not loaded" | "waiting" | "done" | "failed" } = { ended: "not loaded" };

try {
  await run((probot) => {
    state.ended = isHandledEvent(actionEventName()) ? "waiting" : "done";
    registerHandlers(probot, async (event) => {
      try {
        // The run's id stays the same when it is run again.
        await runAction({ ...event, id: randomUUID() }, readConfig(), readActionToken());
        state.ended = "done";
      } catch (error) {
        state.ended = "failed";
        // Not thrown on: the adapter would log the error with the whole payload.
        process.stdout.write(`::error::${redact(messageOf(error), secretValues()).replace(/[\r\n]+/g, " ")}\n`);
      }
    });
  });
} catch (error) {
  state.ended = "failed";
  process.stdout.write(`::error::${redact(messageOf(error), secretValues()).replace(/[\r\n]+/g, " ")}\n`);
}
if (state.ended !== "done") process.exitCode = 1;
