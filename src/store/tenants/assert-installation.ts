import { GoneError, InvalidError } from "../../errors.js";
import { few } from "../../health/words.js";
import { type KnownInstallation, knownInstallations } from "../health/own-facts.js";
import type { Sql } from "../store.js";

/** @throws GoneError when the App is not installed there; it names the existing installations. */
export async function assertInstallation(sql: Sql, id: bigint): Promise<void> {
  await knownInstallation(sql, id);
}

/** @throws GoneError as above; InvalidError while it is suspended, because GitHub answers no requests for it then. */
export async function assertActiveInstallation(sql: Sql, id: bigint): Promise<void> {
  const { suspended } = await knownInstallation(sql, id);
  if (suspended) throw new InvalidError(`installation ${id} is suspended`);
}

async function knownInstallation(sql: Sql, id: bigint): Promise<KnownInstallation> {
  const known = await knownInstallations(sql);
  const found = known.find((each) => each.id === id);
  if (!found) throw noInstallation(id, known);
  return found;
}

/** The message for an unknown installation id. */
export function noInstallation(
  id: bigint,
  known: readonly { readonly id: bigint; readonly account_login: string }[],
): GoneError {
  const names = known.map((each) => `${each.id} (${each.account_login})`);
  return new GoneError(`no installation has the id ${id}; the installations are: ${few(names) || "none"}`);
}
