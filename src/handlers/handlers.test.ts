import { describe, expect, it } from "vitest";
import { z } from "zod";
import { examples } from "../../test/support/examples.js";
import { CONTENT_EVENTS, HANDLED_EVENTS, isHandledEvent } from "../domain.js";
import { InvalidError } from "../errors.js";
import type { Handler } from "./handler.js";
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
      .filter(({ event, payload }) => event !== name && isRead(handler, payload))
      // An action that the event has not is 'not handled': nothing is done about it.
      .filter(({ payload }) => handler.actions === null || handler.actions.includes(String(payload["action"])))
      .map(({ event, payload }) => `${event}.${String(payload["action"])}`);
    expect(accepted).toEqual([]);
  });
});

function isRead(handler: Handler, payload: unknown): boolean {
  try {
    handler.read(payload);
    return true;
  } catch (error) {
    if (error instanceof InvalidError) return false;
    throw error;
  }
}

describe("the plan of a handler", () => {
  const [opened] = examples().filter(
    ({ event, payload }) => event === "pull_request" && payload["action"] === "opened",
  );
  const pull = z.record(z.string(), z.unknown()).parse(opened?.payload["pull_request"]);
  const read = (action: string, changes: object) =>
    HANDLERS.pull_request.read({ ...opened?.payload, action, pull_request: { ...pull, ...changes } });
  const known = { appId: null };

  it.each([
    ["opened", { draft: false }, [], null],
    ["closed", { merged_at: null }, [], null],
    ["closed", { merged_at: "2026-01-01T00:00:00Z" }, ["notify-merged"], null],
    ["labeled", {}, [], null],
  ])("of pull_request.%s with %j asks for %j, skipped as %s", (action, changes, jobs, skip) => {
    const reading = read(action, changes);
    expect(reading.jobs.map(({ name }) => name)).toEqual(jobs);
    expect(reading.skip(known)?.id ?? null).toBe(skip);
  });

  const ZERO = "0".repeat(40);
  const [example] = examples().filter(({ event }) => event === "push");
  const pushed = {
    ...example?.payload,
    before: "a".repeat(40),
    after: "b".repeat(40),
    created: false,
    deleted: false,
    forced: false,
    repository: { ...z.record(z.string(), z.unknown()).parse(example?.payload["repository"]), default_branch: "main" },
  };
  it.each([
    ["to the default branch", { ref: "refs/heads/main" }, ["deployment"], null],
    ["to another branch", { ref: "refs/heads/topic" }, [], null],
    ["that creates a branch", { ref: "refs/heads/topic", created: true, before: ZERO }, [], null],
    [
      "that deletes a branch",
      { ref: "refs/heads/topic", deleted: true, after: ZERO, head_commit: null },
      [],
      "branch-deleted",
    ],
    ["of a tag", { ref: "refs/tags/v1", created: true, before: ZERO }, [], "tag"],
    ["of another ref", { ref: "refs/notes/commits" }, [], "other-ref"],
  ])("of a push %s with %j asks for %j, skipped as %s", (_what, changes, jobs, skip) => {
    const reading = HANDLERS.push.read({ ...pushed, ...changes });
    expect(reading.jobs.map(({ name }) => name)).toEqual(jobs);
    expect(reading.skip(known)?.id ?? null).toBe(skip);
  });

  it("accepts a deleted account's pull request, and replaces characters that cannot be stored", () => {
    const fact = read("opened", {
      user: null,
      title: "a\u0000b\uD800c",
      head: { ref: "x", sha: "y", repo: null },
    }).facts.find(({ entity }) => entity === "pull_request");
    expect(fact?.row).toMatchObject({
      author_id: null,
      author_login: null,
      title: "a\uFFFDb\uFFFDc",
      head_repository_id: null,
    });
  });

  it("accepts commands only from people who write one", () => {
    const [created] = examples().filter(({ event }) => event === "issue_comment");
    const comment = z.record(z.string(), z.unknown()).parse(created?.payload["comment"]);
    const skip = (body: string | null, type: string) =>
      HANDLERS.issue_comment
        .read({
          ...created?.payload,
          action: "created",
          comment: { ...comment, body },
          sender: { id: 1, login: "somebody", type },
        })
        .skip(known)?.id ?? null;
    expect(skip("/review please", "User")).toBeNull();
    expect(skip("@companyos look", "User")).toBeNull();
    expect(skip("/review", "Bot")).toBe("bot");
    expect(skip("see /review", "User")).toBe("no-command");
    expect(skip(null, "User")).toBe("no-command");
  });
});
