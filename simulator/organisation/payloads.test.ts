import { createRequire } from "node:module";
import { z } from "zod";
import { expect, test } from "vitest";
import { apply } from "./apply.js";
import { createOrganisation, drain } from "./create.js";
import type { Delivery } from "./delivery.js";
import { randomChanges } from "./random-change.js";
import { STORY_STEPS, playStory } from "./story.js";

const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }));
const examples = Examples.parse(createRequire(import.meta.url)("@octokit/webhooks-examples"));

/** Everything that was sent for the story, a thousand random changes, and the life of an installation. */
function everything(): Delivery[] {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const organisation = createOrganisation({ now: () => new Date(now) });
  for (let step = 0; step < STORY_STEPS; step += 1) playStory(organisation, { step });
  randomChanges(organisation, { seed: 7, count: 1000 }, (seconds) => (now += seconds * 1000));
  const [installation] = organisation.installations.values();
  const id = installation?.id ?? 0;
  const [pull] = organisation.byName.get("acme/shop")?.pulls.values() ?? [];
  const repository = [...organisation.byName.keys()][0] ?? "";
  const sha = pull?.headSha ?? [...(organisation.byName.get(repository)?.branches.values() ?? [])][0] ?? "";
  const run = apply(organisation, "createCheckRun", { repository, name: "review", headSha: sha, by: "companyos[bot]" });
  apply(organisation, "rerequestCheckRun", { checkRun: run.id });
  apply(organisation, "suspendInstallation", { installation: id });
  apply(organisation, "unsuspendInstallation", { installation: id });
  apply(organisation, "removeRepositories", { installation: id, repositories: [repository] });
  apply(organisation, "addRepositories", { installation: id, repositories: [repository] });
  apply(organisation, "revokeAuthorization", {});
  apply(organisation, "uninstall", { installation: id });
  return drain(organisation);
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The keys, to the third level, that every example that has the object has as well. */
function commonKeys(values: readonly unknown[], path: string, depth: number, into: Set<string>): void {
  const records = values.filter(isRecord);
  const [first] = records;
  if (first === undefined || depth === 0) return;
  for (const key of Object.keys(first)) {
    if (!records.every((each) => key in each)) continue;
    into.add(`${path}${key}`);
    commonKeys(
      records.map((each) => each[key]),
      `${path}${key}.`,
      depth - 1,
      into,
    );
  }
}

function has(value: unknown, path: string): boolean {
  const [head = "", ...rest] = path.split(".");
  if (!isRecord(value)) return value === null || value === undefined;
  if (!(head in value)) return false;
  return rest.length === 0 || has(value[head], rest.join("."));
}

/** Parts of payloads that only Actions, or nothing of ours, fills. */
const NOT_OURS =
  /^(changes|workflow|workflow_run|check_run\.(pull_requests|output|app)|deployment\.payload|requested_action|installation\.permissions)\b/;

const sent = everything();
const events = [...new Set(sent.map((each) => each.event))].sort();

test("the story, random changes and an installation's life send every event that the App handles", () => {
  expect(events).toEqual([
    "check_run",
    "deployment",
    "deployment_status",
    "github_app_authorization",
    "installation",
    "installation_repositories",
    "issue_comment",
    "issues",
    "pull_request",
    "pull_request_review",
    "push",
    "release",
    "repository",
  ]);
});

test.each(events)("%s payloads have the keys that all of GitHub's examples have", (event) => {
  const keys = new Set<string>();
  const real = examples.find((each) => each.name === event)?.examples ?? [];
  commonKeys(real, "", 3, keys);
  const wanted = [...keys].filter((key) => !NOT_OURS.test(key));
  expect(wanted.length).toBeGreaterThan(1);
  for (const delivery of sent.filter((each) => each.event === event)) {
    expect(wanted.filter((key) => !has(delivery.payload, key))).toEqual([]);
  }
});

test("a review carries the simple pull request and a comment on a pull request its issue form", () => {
  const review = sent.find((each) => each.event === "pull_request_review");
  const embedded = review?.payload["pull_request"];
  expect(embedded).not.toHaveProperty("additions");
  expect(embedded).not.toHaveProperty("merged");
  const bodies = sent.filter((each) => each.event === "issue_comment").map((each) => each.payload["issue"]);
  expect(bodies.some((issue) => isRecord(issue) && "pull_request" in issue)).toBe(true);
});

test("deleted authors are null", () => {
  const authors = sent.flatMap(({ payload }) => {
    const on = payload["pull_request"] ?? payload["issue"];
    return isRecord(on) ? [on["user"]] : [];
  });
  expect(authors).toContain(null);
});
