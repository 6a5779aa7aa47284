import type { Effect } from "./effect.js";
import { recordIntent } from "../store/effects/ledger.js";
import type { Store } from "../store/store.js";
import { describeEffect } from "./describe.js";
import { isDone } from "./history.js";
import { entryOf } from "./ledger-writer.js";
import type { EffectWriter } from "./writer.js";

export interface DryRunOptions {
  readonly installationId: bigint;
  /** Receives each effect instead of GitHub; `text` is safe to print. */
  print(text: string, effect: Effect): void;
  /** Stores `dry-run` rows; without it no rows are kept. A later live run takes such a row over. */
  readonly store?: Store;
}

/** Reports effects without applying them. */
export function createDryRunWriter(options: DryRunOptions): EffectWriter {
  return {
    async apply(effects, context) {
      const results = [];
      for (const effect of effects) {
        const entry = entryOf(effect, options.installationId, context);
        const row = options.store && (await recordIntent(options.store.sql, entry, "dry-run")).row;
        const done = row !== undefined && isDone(row);
        if (!done) options.print(describeEffect(effect), effect);
        results.push({
          effect,
          intent: entry.intent,
          status: done ? row.status : ("dry-run" as const),
          change: null,
          githubId: row?.githubId ?? null,
          url: row?.githubUrl ?? null,
          reason: done ? "it was done before" : "dry run",
        });
      }
      return results;
    },
  };
}
