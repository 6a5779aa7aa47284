import { z } from "zod";
import type { Account, Spending } from "./metered.js";

/** The total cost of a run's questions. Answers without usage count with their maximum. */
export const modelCost = z.object({
  model: z.string(),
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Millionths of a US dollar. */
  micros: z.int(),
});
export type ModelCost = Readonly<z.output<typeof modelCost>>;

export interface Tally {
  readonly account: Account;
  /** Null: no questions. */
  cost(): ModelCost | null;
}

/** Adds up the cost of questions through an account. */
export function tallied(account: Account): Tally {
  const calls = new Map<bigint, Spending>();
  return {
    account: {
      async reserve(most) {
        const id = await account.reserve(most);
        if (id !== null) calls.set(id, most);
        return id;
      },
      async settle(id, spent, outcome) {
        if (spent) calls.set(id, spent);
        await account.settle(id, spent, outcome);
      },
    },
    cost() {
      const [first, ...rest] = calls.values();
      if (!first) return null;
      return [first, ...rest].map(costOf).reduce(plus);
    },
  };
}

function costOf({ model, usage, micros }: Spending): ModelCost {
  return { model, calls: 1, ...usage, micros };
}

function plus(a: ModelCost, b: ModelCost): ModelCost {
  return {
    model: a.model,
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    micros: a.micros + b.micros,
  };
}

/** `openai-compatible/m: 2 calls, 1000 tokens in, 100 out, $0.0045`. */
export function sayCost({ model, calls, inputTokens, outputTokens, micros }: ModelCost): string {
  const count = `${calls} ${calls === 1 ? "call" : "calls"}`;
  return `${model}: ${count}, ${inputTokens} tokens in, ${outputTokens} out, $${(micros / 1_000_000).toFixed(4)}`;
}
