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
 * The GitHub Action's entry: the same handlers, inline. The adapter ends green whatever happens, so the exit code is set
 * here: 1 unless the event was handled, or is one that the app does not listen to.
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
    // The run's id stays the same when it is run again.
    await runAction({ ...event, id: randomUUID() }, readConfig(), readActionToken());
    state.ended = "done";
  } catch (error) {
    // Not thrown on: the adapter would log the error with the whole payload.
    fail(error);
  }
}

/** Workflows know events that webhooks do not. */
async function handleOther({ id, name, payload }: ReceivedEvent): Promise<void> {
  if (isHandledEvent(name)) return;
  // The same payload, with a token that may write to a fork's pull request too.
  if (name === "pull_request_target") return handle({ id, name: "pull_request", payload });
  const handler = handlerOf(name);
  if ("reason" in handler) process.stdout.write(`${handler.reason}\n`);
  state.ended = "done";
}

function fail(error: unknown): void {
  state.ended = "failed";
  process.stdout.write(`::error::${redact(messageOf(error), secretValues()).replace(/[\r\n]+/g, " ")}\n`);
}
