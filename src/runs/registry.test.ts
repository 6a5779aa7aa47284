import { expect, it } from "vitest";
import type { Inspector } from "../agents/code-review/inspect/inspector.js";
import { triggeredBy } from "../process/plan.js";
import { registryOf } from "../jobs/define-job.js";
import { agentJobs, AGENTS, bookOf, commandsOf, settingsSource } from "./registry.js";
import type { AgentServices } from "./services.js";

const refuse = () => Promise.reject(new Error("nothing is asked here"));
const inspector: Inspector = { version: "1", inspect: refuse, close: () => Promise.resolve() };
const services: AgentServices = {
  client: () => ({ rest: refuse, pages: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) }), query: refuse }),
  inspector,
  quietMs: 0,
};
const registry = registryOf(agentJobs(AGENTS, services, settingsSource(AGENTS, services)));
const repository = { id: 7 };

it.each([
  ["pull_request", { action: "opened", pull_request: { number: 3 } }, ["7/pull_request:3"]],
  ["pull_request", { action: "synchronize", pull_request: { number: 3 } }, ["7/pull_request:3"]],
  ["pull_request", { action: "assigned", pull_request: { number: 3 } }, []],
  ["pull_request", { action: "opened", pull_request: null }, []],
  ["issues", { action: "opened", issue: { number: 3 } }, ["7/issue:3"]],
  ["issues", { action: "edited", issue: { number: 3 } }, []],
  [
    "merge_group",
    { action: "checks_requested", merge_group: { head_sha: "abc", head_ref: "gh-readonly-queue/main/pr-3-1234567" } },
    ["7/commit:abc"],
  ],
  ["merge_group", { action: "destroyed", merge_group: { head_sha: "abc", head_ref: "x" } }, []],
])("%s %j calls for the runs %j", (event, delivery, expected) => {
  const requests = triggeredBy(registry, { name: event, payload: { ...delivery, repository } });
  expect(requests.map(({ name, payload }) => registry.get(name)?.key(payload))).toEqual(expected);
});

it("names every agent, command and section once", () => {
  const names = [AGENTS, commandsOf(AGENTS), bookOf(AGENTS).sections].map((list) => list.map(({ name }) => name));
  for (const list of names) expect(new Set(list).size).toBe(list.length);
});
