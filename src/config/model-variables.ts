import { define } from "./define.js";
import { number, oneOf, text, url, wholeNumber } from "./values.js";

const MODEL = "Model (optional)";

/** Access to a language model; without a key the app uses none. */
export const MODEL_VARIABLES = {
  aiProvider: define(
    MODEL,
    "AI_PROVIDER",
    oneOf(["openai-compatible", "anthropic"]),
    "The model's API: openai-compatible (any endpoint with that API) or anthropic. Without AI_API_KEY the app uses no model.",
    { remedy: "Give openai-compatible or anthropic.", fallback: "openai-compatible", example: "openai-compatible" },
  ),
  aiModel: define(MODEL, "AI_MODEL", text, "The model's name at that provider.", {
    remedy: "Set AI_MODEL to a name that the provider lists, or unset AI_API_KEY to work without a model.",
  }),
  aiApiKey: define(
    MODEL,
    "AI_API_KEY",
    text,
    "The provider's API key. For an endpoint without authentication give any text.",
    {
      remedy: "Copy the key from the provider, or unset it to work without a model.",
      secret: true,
    },
  ),
  aiBaseUrl: define(
    MODEL,
    "AI_BASE_URL",
    url(/^https?$/),
    "The endpoint with its version, such as https://api.example.com/v1. Required for openai-compatible.",
    { remedy: "Set AI_BASE_URL to the address before `/chat/completions`." },
  ),
  aiDailyTokens: define(
    MODEL,
    "AI_DAILY_TOKENS",
    wholeNumber(0, 1_000_000_000_000),
    "Input and output tokens that one installation may use in a day (UTC).",
    {
      remedy: "Give a number of tokens, such as 1000000. With 0 the app uses no model.",
      fallback: "1000000",
      example: "1000000",
    },
  ),
  aiDailyUsd: define(
    MODEL,
    "AI_DAILY_USD",
    number(0, 1_000_000),
    "US dollars that one installation may spend on the model in a day (UTC), computed with the two prices below (optional).",
    { remedy: "Give US dollars, such as 5 or 0.5, or unset it to remove the limit." },
  ),
  aiInputPrice: define(
    MODEL,
    "AI_INPUT_PRICE",
    number(0, 100_000),
    "The price of a million input tokens in US dollars.",
    { remedy: "Set AI_INPUT_PRICE and AI_OUTPUT_PRICE: the app needs both prices to compute the cost." },
  ),
  aiOutputPrice: define(
    MODEL,
    "AI_OUTPUT_PRICE",
    number(0, 100_000),
    "The price of a million output tokens in US dollars.",
    { remedy: "Set AI_INPUT_PRICE and AI_OUTPUT_PRICE: the app needs both prices to compute the cost." },
  ),
} as const;
