import { modelReader } from "../agents/code-review/second/model-reader.js";
import type { SecondReader } from "../agents/code-review/second-reader.js";
import { insistent } from "../agents/model/insistent.js";
import { metered } from "../agents/model/metered.js";
import { tallied } from "../agents/model/tally.js";
import { openProvider } from "../agents/model/provider.js";
import type { Config } from "../config.js";
import type { Clock } from "../domain.js";
import { type AccountScope, modelAccount } from "../store/model/account.js";
import type { Store } from "../store/store.js";

/** The time limit of a question, including its retries. */
const TIME_LIMIT_MS = 60_000;

interface Options {
  readonly config: Pick<Config, "ai">;
  readonly store: Store;
  readonly clock: Clock;
  readonly timeLimitMs?: number | undefined;
}

/** The model's part of each review: the configured model within its daily budget, or none. */
export function secondReaders(options: Options): (scope: AccountScope) => SecondReader {
  const { config, store, clock, timeLimitMs = TIME_LIMIT_MS } = options;
  const { ai } = config;
  if (!ai) return () => modelReader(null);
  const provider = openProvider({ ...ai, timeLimitMs });
  const limits = { tokens: ai.dailyTokens, micros: ai.dailyUsd === null ? null : ai.dailyUsd * 1_000_000 };
  return (scope) => {
    const { account, cost } = tallied(modelAccount(store, scope, limits, () => clock.now()));
    const read = modelReader(insistent(metered(provider, account, ai.prices)));
    return async (reading) => ({ ...(await read(reading)), cost: cost() });
  };
}
