import { randomUUID } from "node:crypto";
import { run } from "@probot/adapter-github-actions";
import { type ReceivedEvent, registerHandlers } from "./app.js";
import { readActionToken, readConfig, secretValues } from "./config.js";
import { isHandledEvent } from "./domain.js";
import { messageOf } from "./errors.js";
import { runAction } from "./host/inline/run-action.js";
import { redact } from "./log.js";
import { handlerOf } from "./process/decide.js";

/**
 * The entry of the GitHub Action: the server's handlers, run in this process. The adapter always exits with 0, so this
 * file sets the exit code: 0 if the event was handled or the app does not listen to it, otherwise 1.
 */
const state: { ended: "not loaded" | "waiting" | "done" | "failed" } = { ended: "not loaded" };

try {
  await run((probot) => {
    state.ended = "waiting";
    registerHandlers(probot, handle);
    probot.onAny(handleOther);
  });
} catch (error) {
  fail(error);
}
if (state.ended !== "done") process.exitCode = 1;

async function handle(event: ReceivedEvent): Promise<void> {
  try {
    // GitHub keeps the run id when a workflow run is repeated.
    await runAction({ ...event, id: randomUUID() }, readConfig(), readActionToken());
    state.ended = "done";
  } catch (error) {
    // Not thrown: the adapter would log the error together with the whole payload.
    fail(error);
  }
}

/** Some workflow events do not exist as webhooks. */
async function handleOther({ id, name, payload }: ReceivedEvent): Promise<void> {
  if (isHandledEvent(name)) return;
  // The same payload, with a token that can also write to a pull request from a fork.
  if (name === "pull_request_target") return handle({ id, name: "pull_request", payload });
  const handler = handlerOf(name);
  if ("reason" in handler) process.stdout.write(`${handler.reason}\n`);
  state.ended = "done";
}

function fail(error: unknown): void {
  state.ended = "failed";
  process.stdout.write(`::error::${redact(messageOf(error), secretValues()).replace(/[\r\n]+/g, " ")}\n`);
}
