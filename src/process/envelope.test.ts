import { expect, it } from "vitest";
import { examples } from "../../test/support/examples.js";
import { isHandledEvent } from "../domain.js";
import { HANDLERS } from "../handlers/registry.js";
import { readEnvelope } from "./envelope.js";

/** Of a pull request or an issue, which `explain` finds by either name; one example of `issues` is both. */
const numberOf = (subject: string | null): string | undefined =>
  /^(?:issue|pull_request):(\d+)$/.exec(subject ?? "")?.[1];

it("names the same pull request or issue as the payload's handler", () => {
  const subjects = examples().flatMap(({ event, payload }) => {
    if (!isHandledEvent(event)) return [];
    const { subject } = HANDLERS[event].read(payload);
    return [{ event, envelope: readEnvelope(payload).subject, handler: subject }];
  });
  expect(subjects.filter(({ handler }) => numberOf(handler)).length).toBeGreaterThan(50);
  for (const { event, envelope, handler } of subjects) expect(numberOf(envelope), event).toBe(numberOf(handler));
  const others = subjects.filter(({ event, handler }) => event !== "issues" && numberOf(handler));
  for (const { event, envelope, handler } of others) expect(envelope, event).toBe(handler);
});

it.each([
  ["nothing", {}, null],
  ["a number that is none", { issue: { number: "7" }, pull_request: { number: -1 } }, null],
  ["an issue of which no more can be read", { issue: { number: 7, title: 7, pull_request: null } }, "issue:7"],
  ["a comment on a pull request", { issue: { number: 7, pull_request: {} }, comment: { id: 1 } }, "pull_request:7"],
  ["one that is not the payload's own", { check_run: { pull_requests: [{ number: 7 }] } }, null],
])("%s", (_name, payload, subject) => {
  expect(readEnvelope(payload).subject).toBe(subject);
});
