import { GoneError } from "../../errors.js";
import { few } from "../../health/words.js";
import { knownInstallations } from "../health/own-facts.js";
import type { Sql } from "../store.js";

/** @throws GoneError when the App is not installed there; it names the installations that there are. */
export async function assertInstallation(sql: Sql, id: bigint): Promise<void> {
  const known = await knownInstallations(sql);
  if (known.every((each) => each.id !== id)) throw noInstallation(id, known);
}

/** What is said of an id that no installation has. */
export function noInstallation(
  id: bigint,
  known: readonly { readonly id: bigint; readonly account_login: string }[],
): GoneError {
  const names = known.map((each) => `${each.id} (${each.account_login})`);
  return new GoneError(`there is no installation ${id}; there are: ${few(names) || "none"}`);
}
