import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createOrganisation } from "../../simulator/organisation/create.js";
import { HANDLED_EVENTS } from "../domain.js";
import { readManifest } from "./manifest.js";

/** GitHub sends these to every App and takes them in no list. */
const UNASKED = ["installation", "installation_repositories", "github_app_authorization"];

it("subscribes to exactly the handled events", () => {
  expect([...readManifest().default_events, ...UNASKED].sort()).toEqual([...HANDLED_EVENTS].sort());
});

it("requires the permissions of queries and effects, and writes only for effects", () => {
  expect(readManifest().default_permissions).toEqual({
    metadata: "read",
    actions: "read",
    contents: "read",
    members: "read",
    merge_queues: "read",
    statuses: "read",
    checks: "write",
    deployments: "write",
    issues: "write",
    pull_requests: "write",
  });
});

it("gives the reason of each permission in the line before it", () => {
  const lines = readFileSync(new URL("../../app.yml", import.meta.url), "utf8").split("\n");
  const block = lines.slice(lines.indexOf("default_permissions:") + 1).filter((line) => line.trim() !== "");
  const unexplained = block.filter((line, index) => !line.includes("#") && !block[index - 1]?.includes("#"));
  expect(unexplained).toEqual([]);
});

it("equals the grants of the simulated GitHub, which doctor, health and tests use", () => {
  const { app } = createOrganisation();
  expect({ default_permissions: app.permissions, default_events: app.events }).toEqual(readManifest());
});
