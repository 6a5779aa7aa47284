import type { Model } from "./model.js";

export const PROVIDERS = ["openai-compatible", "anthropic"] as const;

export interface ProviderSettings {
  readonly provider: (typeof PROVIDERS)[number];
  readonly model: string;
  readonly apiKey: string;
  /**
   * With its version, such as `https://api.example.com/v1`. Null: the provider's own address; openai-compatible
   * requires one.
   */
  readonly baseUrl: string | null;
  /** For one question with its retries, in ms. */
  readonly timeLimitMs: number;
}

/**
 * A model at a provider: one question is one request, with up to two retries. The provider's SDK is loaded with the
 * first question, because most processes need none.
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
