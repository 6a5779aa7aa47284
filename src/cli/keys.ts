import { Command } from "commander";
import { createKeyRing } from "../crypto/key-ring.js";
import { ConfigError, InvalidError } from "../errors.js";
import { plain } from "../reports/plain.js";
import { rotateUserTokens } from "../store/people/user-tokens.js";
import type { Store } from "../store/store.js";
import { loadConfig, withStore } from "./open.js";
import { recordCommand } from "./record-act.js";

/** Rows in one transaction: a token refresh waits for no more than these. */
const BATCH = 100;

export function keysCommand(): Command {
  return new Command("keys").description("manage the keys that encrypt stored tokens").addCommand(
    new Command("rotate")
      .description("re-encrypt all stored tokens with the first key of ENCRYPTION_KEYS; safe while the app runs")
      .action(async () => {
        const config = await loadConfig();
        const [first] = config.encryptionKeys;
        if (first === undefined)
          throw new ConfigError([
            {
              variable: "ENCRYPTION_KEYS",
              problem: "is missing",
              remedy: "Set it to the new key followed by the old ones: new:<base64>,old:<base64>.",
            },
          ]);
        const { rotated, unreadable } = await withStore(config, async (store) => {
          const done = await rotate(store, config.encryptionKeys);
          const target = `key ${first.split(":")[0]}`;
          await recordCommand(store.sql, {
            installationId: null,
            action: "keys.rotate",
            target,
            detail: { people: done.rotated },
          });
          return done;
        });
        const people = rotated === 1 ? "1 person" : `${rotated} people`;
        process.stdout.write(`Encrypted the tokens of ${people} with the key ${first.split(":")[0]}.\n`);
        for (const error of unreadable) process.stdout.write(`${plain(error.message)}\n`);
        if (unreadable.length > 0)
          throw new InvalidError(
            `${unreadable.length} rows still need another key. Add it to ENCRYPTION_KEYS, or ask these people to connect again.`,
          );
        process.stdout.write("The other keys of ENCRYPTION_KEYS are no longer needed by stored tokens.\n");
      }),
  );
}

async function rotate(store: Store, keys: readonly string[]) {
  const ring = createKeyRing(keys);
  const unreadable: Error[] = [];
  let rotated = 0;
  for (let after = 0n; ;) {
    const batch = await rotateUserTokens(store, ring, after, BATCH);
    rotated += batch.rotated;
    unreadable.push(...batch.unreadable);
    if (batch.last === null) return { rotated, unreadable };
    after = batch.last;
  }
}
