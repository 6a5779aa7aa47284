import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidError } from "../errors.js";
import type { Wish } from "../job-payloads.js";
import { defineAppJob, defineJob, planOf, registryOf } from "./define-job.js";

const review = defineJob({
  name: "review",
  queue: "agents",
  payload: z.object({ pull: z.int() }),
  attempts: 3,
  key: ({ pull }) => `pull:${pull}`,
  run: () => Promise.resolve({ status: "done", reason: "x" }),
});
const registry = registryOf([review]);

test("a wish for work becomes a row", () => {
  expect(planOf(registry, { name: "review", payload: { pull: 3 }, delayMs: 50 })).toEqual({
    queue: "agents",
    class: "agents",
    name: "review",
    key: "pull:3",
    repositoryId: null,
    number: null,
    payload: { pull: 3 },
    maxAttempts: 3,
    delayMs: 50,
  });
  expect(planOf(registry, { name: "review", payload: { pull: 3 } }).delayMs).toBe(0);
});

test("refuses a request for an unknown job", () => {
  expect(() => planOf(registry, { name: "rewiev", payload: { pull: 3 } })).toThrow(InvalidError);
  expect(() => planOf(registry, { name: "review", payload: { pull: "3" } })).toThrow(z.ZodError);
});

test("a misspelt name, or the payload of another job, does not compile", () => {
  const wishes: readonly Wish[] = [
    { name: "command", payload: { repositoryId: 1, number: 2, commentId: 3 } },
    // @ts-expect-error -- no job has this name
    { name: "comand", payload: { repositoryId: 1, number: 2, commentId: 3 } },
    // @ts-expect-error -- this is what a recheck is about
    { name: "access", payload: { repositoryId: 1, checkRunId: 2, sha: "a" } },
  ];
  expect(wishes).toHaveLength(3);
  const job = { queue: "sync", attempts: 1, key: () => "", run: () => Promise.reject(new Error("unused")) } as const;
  defineAppJob({ ...job, name: "access", payload: z.object({ installationId: z.int() }) });
  // @ts-expect-error -- its schema takes another payload
  defineAppJob({ ...job, name: "access", payload: z.object({ installationId: z.string() }) });
});

test("two jobs of one name are a mistake", () => {
  expect(() => registryOf([review, review])).toThrow("same name");
});

test("the payload's repository and number become columns of its row", () => {
  const payload = z.object({ repositoryId: z.int(), number: z.int().optional() });
  const about = defineJob({ ...review, payload, key: () => "", run: () => Promise.reject(new Error("unused")) });
  const registry = registryOf([about]);
  const planned = (given: { repositoryId: number; number?: number }) =>
    planOf(registry, { name: "review", payload: given });
  expect(planned({ repositoryId: 7, number: 3 })).toMatchObject({ repositoryId: 7n, number: 3 });
  expect(planned({ repositoryId: 7 })).toMatchObject({ repositoryId: 7n, number: null });
});
