import type { Answer, Failure, Model, Question, Usage } from "./model.js";
import { tokensIn } from "./tokens.js";

/** US dollars for a million tokens, which equal millionths of a dollar for one. */
export interface Prices {
  readonly input: number;
  readonly output: number;
}

export interface Spending {
  readonly purpose: string;
  readonly model: string;
  readonly usage: Usage;
  /** Millionths of a US dollar. */
  readonly micros: number;
}

/** The daily account of one installation. A day ends at midnight UTC. */
export interface Account {
  /** Reserves the maximum cost of a call. Null: it would exceed the day's budget. */
  reserve(most: Spending): Promise<bigint | null>;
  /** Replaces the reservation by the real cost; null: unknown, so the reservation stays. */
  settle(id: bigint, spent: Spending | null, outcome: "answered" | Failure): Promise<void>;
}

/**
 * Sends only questions within the budget, and records the cost of each. A call interrupted by a crash stays counted.
 */
export function metered(model: Model, account: Account, prices: Prices): Model {
  const spending = (purpose: string, usage: Usage): Spending => ({
    purpose,
    model: model.name,
    usage,
    micros: Math.ceil(usage.inputTokens * prices.input + usage.outputTokens * prices.output),
  });
  return {
    name: model.name,
    async ask<T>(question: Question<T>): Promise<Answer<T>> {
      const { purpose, system, prompt, maxOutputTokens } = question;
      const most = { inputTokens: tokensIn(system + prompt), outputTokens: maxOutputTokens };
      const id = await account.reserve(spending(purpose, most));
      if (id === null)
        return { kind: "unanswered", failure: "over-budget", usage: { inputTokens: 0, outputTokens: 0 } };
      const answer = await model.ask(question);
      const spent = answer.usage === null ? null : spending(purpose, answer.usage);
      await account.settle(id, spent, answer.kind === "answered" ? "answered" : answer.failure);
      return answer;
    },
  };
}
