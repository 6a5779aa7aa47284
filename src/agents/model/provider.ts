import type { Model } from "./model.js";

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

/**
 * A model at a provider: one question is one request, and up to two more where the provider was not able to answer. The
 * provider's SDK is loaded with the first question: most processes ask none.
 */
export function openProvider(settings: ProviderSettings): Model {
  return {
    name: `${settings.provider}/${settings.model}`,
    ask: async (question) => {
      const { ask } = await import("./ask.js");
      return ask(settings, question, AbortSignal.timeout(settings.timeLimitMs));
    },
  };
}
