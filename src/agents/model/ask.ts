import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, type LanguageModel, Output } from "ai";
import { unansweredBy, usageOf } from "./failure.js";
import type { Answer, Question } from "./model.js";
import type { ProviderSettings } from "./provider.js";
import { tokensIn } from "./tokens.js";

/** Retries after 429, 5xx and broken connections, with the delays that the provider requests. */
const RETRIES = 2;

/**
 * Sends one question to the provider's model.
 * @throws errors of this app's own code.
 */
export async function ask<T>(
  settings: ProviderSettings,
  question: Question<T>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  try {
    const result = await generateText({
      model: languageModel(settings),
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

/** Without usage from the provider: the most that it can have used. */
function estimated({ system, prompt, maxOutputTokens }: Question<unknown>) {
  return { inputTokens: tokensIn(system + prompt), outputTokens: maxOutputTokens };
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
