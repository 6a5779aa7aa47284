import type { z } from "zod";

/** One question. The answer has the schema's form or there is none; the model gets no tools and no history. */
export interface Question<T> {
  /** What the question is for, in the record of usage. */
  readonly purpose: string;
  /** Our words only. */
  readonly system: string;
  /** Other people's words, delimited by `untrusted`. */
  readonly prompt: string;
  readonly schema: z.ZodType<T>;
  readonly maxOutputTokens: number;
}

/** Tokens as the provider counted them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * Why there is no answer. malformed: not of the form that was asked for; refused: by the provider's or the model's rules;
 * rate-limited: 429; rejected: key, model name or question (another 4xx); unavailable: 5xx or no connection; over-budget: it
 * was not asked.
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
  /** Null: unknown, it may have cost something. */
  readonly usage: Usage | null;
}

export type Answer<T> = Answered<T> | Unanswered;

/** A language model behind a schema. Never rejects for what a provider answers, or fails to. */
export interface Model {
  /** `provider/model`, for records. */
  readonly name: string;
  ask<T>(question: Question<T>): Promise<Answer<T>>;
}
