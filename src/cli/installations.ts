import { InvalidArgumentError } from "commander";
import { ConfigError } from "../errors.js";
import type { Sql } from "../store/store.js";
import { activeInstallations } from "../store/sync/repositories.js";

/** @throws InvalidArgumentError when the text is not an id. */
export function toId(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("An installation's id is a whole number.");
  return BigInt(text);
}

/**
 * The installations that a command without `--installation` acts on.
 * @throws ConfigError when the App is not installed anywhere.
 */
export async function everyInstallation(sql: Sql): Promise<readonly bigint[]> {
  const all = await activeInstallations(sql);
  if (all.length > 0) return all;
  throw new ConfigError([
    {
      variable: "installations",
      problem: "the App is not installed on any organisation yet",
      remedy: "Install the App on an organisation while the server runs, so that GitHub's delivery arrives.",
    },
  ]);
}
