import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineJob, registryOf } from "../jobs/define-job.js";
import { planWork } from "./plan.js";

const job = (name: string) =>
  defineJob({
    name,
    queue: "agents",
    payload: z.object({ number: z.number() }),
    attempts: 3,
    key: ({ number }) => `n${number}`,
    run: async () => ({ status: "done", reason: "ran" }),
  });

const registry = registryOf([job("review"), job("refresh")]);
const wish = (name: string) => ({ name, payload: { number: 1 } });
const names = (jobs: readonly { readonly name: string }[]) => jobs.map(({ name }) => name);

describe("a plan", () => {
  it("names the registered work and gives no reason then", () => {
    const plan = planWork(registry, { event: "x.y", work: [wish("review")], skip: null, reads: [] });
    expect([names(plan.jobs), plan.reason]).toEqual([["review"], null]);
  });

  it("states that no agent is registered, reads or not", () => {
    const plan = planWork(registry, { event: "x.y", work: [wish("triage")], skip: null, reads: [wish("refresh")] });
    expect([names(plan.jobs), plan.reason]).toEqual([["refresh"], "no agent is registered for x.y"]);
  });

  it("states that no work is required", () => {
    const plan = planWork(registry, { event: "x.y", work: [], skip: null, reads: [] });
    expect([names(plan.jobs), plan.reason]).toEqual([[], "x.y requires no work"]);
  });

  it("follows a reason to skip, but still completes the rows", () => {
    const plan = planWork(registry, {
      event: "x.y",
      work: [wish("review")],
      skip: "a draft",
      reads: [wish("refresh")],
    });
    expect([names(plan.jobs), plan.reason]).toEqual([["refresh"], "a draft"]);
  });
});
