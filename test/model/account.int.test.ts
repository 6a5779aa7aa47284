import { expect, it } from "vitest";
import { metered, type Spending } from "../../src/agents/model/metered.js";
import type { Answer, Model, Question } from "../../src/agents/model/model.js";
import { modelAccount } from "../../src/store/model/account.js";
import { z } from "zod";
import { withDatabase } from "../support/database.js";

const { store } = await withDatabase();
const scope = (installationId: bigint) => ({ installationId, repositoryId: 7n, number: 3 });
const at = (time: string) => () => new Date(time);
const NOON = "2026-03-01T12:00:00Z";

function spending(tokens: number, micros = 0): Spending {
  return { purpose: "test", model: "p/m", usage: { inputTokens: tokens, outputTokens: 0 }, micros };
}

it("a reservation counts until it is settled; an unknown cost stays reserved", async () => {
  const account = modelAccount(store, scope(1n), { tokens: 100, micros: null }, at(NOON));
  const first = await account.reserve(spending(60));
  if (first === null) throw new Error("there was room");
  expect(await account.reserve(spending(60))).toBeNull();
  await account.settle(first, spending(10), "answered");
  const second = await account.reserve(spending(60));
  if (second === null) throw new Error("there was room");
  await account.settle(second, null, "too-slow");
  expect(await account.reserve(spending(31))).toBeNull();
  expect(await account.reserve(spending(30))).not.toBeNull();
});

it("money is limited too", async () => {
  const account = modelAccount(store, scope(2n), { tokens: 1_000_000, micros: 500 }, at(NOON));
  expect(await account.reserve(spending(1, 501))).toBeNull();
  expect(await account.reserve(spending(1, 500))).not.toBeNull();
});

it("another day and another installation have budgets of their own", async () => {
  const limits = { tokens: 10, micros: null };
  expect(await modelAccount(store, scope(3n), limits, at("2026-03-01T23:59:59Z")).reserve(spending(10))).not.toBeNull();
  expect(await modelAccount(store, scope(3n), limits, at("2026-03-01T23:59:59Z")).reserve(spending(1))).toBeNull();
  expect(await modelAccount(store, scope(4n), limits, at("2026-03-01T23:59:59Z")).reserve(spending(10))).not.toBeNull();
  expect(await modelAccount(store, scope(3n), limits, at("2026-03-02T00:00:00Z")).reserve(spending(10))).not.toBeNull();
});

it("many at once stay within the limit together", async () => {
  const account = modelAccount(store, scope(5n), { tokens: 100, micros: null }, at(NOON));
  const reserved = await Promise.all(Array.from({ length: 20 }, () => account.reserve(spending(30))));
  expect(reserved.filter((id) => id !== null)).toHaveLength(3);
});

it("a question is recorded with its price; over the budget the model is not asked", async () => {
  let asked = 0;
  const model: Model = {
    name: "p/m",
    ask: <T>({ schema }: Question<T>): Promise<Answer<T>> => {
      asked += 1;
      const usage = { inputTokens: 1_000, outputTokens: 100 };
      return Promise.resolve({ kind: "answered", value: schema.parse("x"), usage });
    },
  };
  const limits = { tokens: 3_000, micros: null };
  const meter = metered(model, modelAccount(store, scope(6n), limits, at(NOON)), { input: 3, output: 15 });
  const question = { purpose: "q", system: "s", prompt: "p".repeat(2_999), schema: z.string(), maxOutputTokens: 500 };
  expect(await meter.ask(question)).toMatchObject({ kind: "answered" });
  expect(await meter.ask(question)).toMatchObject({ kind: "unanswered", failure: "over-budget" });
  expect(asked).toBe(1);
  const rows = await store.sql.query("SELECT * FROM model_usage WHERE installation_id = 6");
  expect(rows).toMatchObject([
    { purpose: "q", model: "p/m", number: 3, input_tokens: "1000", output_tokens: "100", cost_micros: "4500" },
  ]);
  expect(rows[0]).toMatchObject({ outcome: "answered", finished_at: new Date(NOON) });
});
