import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, type LanguageModel, Output } from "ai";
import { unansweredBy, usageOf } from "./failure.js";
import type { Answer, Model, Question } from "./model.js";

export const PROVIDERS = ["openai-compatible", "anthropic"] as const;

export interface ProviderSettings {
  readonly provider: (typeof PROVIDERS)[number];
  readonly model: string;
  readonly apiKey: string;
  /** With its version, such as `https://api.example.com/v1`. Null: the provider's own; one is needed for openai-compatible. */
  readonly baseUrl: string | null;
  /** For one question with its retries, in ms. */
  readonly timeLimitMs: number;
}

/** Retries of 429, 5xx and broken connections, with the waits that the provider asks for. */
const RETRIES = 2;

/** A model at a provider: one question is one request, and up to two more where the provider was not able to answer. */
export function openProvider(settings: ProviderSettings): Model {
  const model = languageModel(settings);
  return {
    name: `${settings.provider}/${settings.model}`,
    ask: (question) => ask(model, question, AbortSignal.timeout(settings.timeLimitMs)),
  };
}

async function ask<T>(model: LanguageModel, question: Question<T>, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const result = await generateText({
      model,
      system: question.system,
      prompt: question.prompt,
      output: Output.object({ schema: question.schema }),
      maxOutputTokens: question.maxOutputTokens,
      maxRetries: RETRIES,
      abortSignal: signal,
    });
    const usage = usageOf(result.totalUsage);
    if (result.finishReason === "content-filter") return { kind: "unanswered", failure: "refused", usage };
    if (result.finishReason === "length") return { kind: "unanswered", failure: "malformed", usage };
    return { kind: "answered", value: result.output, usage: usage ?? estimated(question) };
  } catch (error) {
    return unansweredBy(error, signal);
  }
}

/** Where a provider counts nothing: the most that it can have been. */
function estimated({ system, prompt, maxOutputTokens }: Question<unknown>) {
  return { inputTokens: tokensIn(system + prompt), outputTokens: maxOutputTokens };
}

/** At least as many as a tokenizer makes of source text. */
export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2);
}

function languageModel({ provider, model, apiKey, baseUrl }: ProviderSettings): LanguageModel {
  switch (provider) {
    case "openai-compatible":
      return createOpenAICompatible({
        name: "openai-compatible",
        apiKey,
        baseURL: baseUrl ?? "",
        supportsStructuredOutputs: true,
      })(model);
    case "anthropic":
      return createAnthropic({ apiKey, ...(baseUrl !== null && { baseURL: baseUrl }) })(model);
  }
}
