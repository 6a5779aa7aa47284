import type { z } from "zod";

/** One question. The answer matches the schema, or there is none. The model gets no tools and no history. */
export interface Question<T> {
  /** The purpose, for the record of usage. */
  readonly purpose: string;
  /** Text of this app only. */
  readonly system: string;
  /** Foreign text, delimited by `untrusted`. */
  readonly prompt: string;
  readonly schema: z.ZodType<T>;
  readonly maxOutputTokens: number;
}

/** Tokens as counted by the provider. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Why there is no answer. malformed: it did not match the schema; refused: by the provider's or the model's rules;
 * rate-limited: 429; rejected: key, model name or question (another 4xx); unavailable: 5xx or no connection;
 * over-budget: the question was not sent.
 */
export const FAILURES = [
  "malformed",
  "refused",
  "too-slow",
  "rate-limited",
  "rejected",
  "unavailable",
  "over-budget",
] as const;
export type Failure = (typeof FAILURES)[number];

export interface Answered<T> {
  readonly kind: "answered";
  readonly value: T;
  readonly usage: Usage;
}

export interface Unanswered {
  readonly kind: "unanswered";
  readonly failure: Failure;
  /** Null: unknown; it may have cost something. */
  readonly usage: Usage | null;
}

export type Answer<T> = Answered<T> | Unanswered;

/** A language model behind a schema. Never rejects because of a provider's answer or failure. */
export interface Model {
  /** `provider/model`, for records. */
  readonly name: string;
  ask<T>(question: Question<T>): Promise<Answer<T>>;
}
