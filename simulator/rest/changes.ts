import { accountOf } from "../auth/caller.js";
import { apply } from "../organisation/apply.js";
import { ChangeRefused } from "../organisation/changes/find.js";
import type { ChangeInput, ChangeName, ChangeResult } from "../organisation/changes/table.js";
import { drain } from "../organisation/create.js";
import { fullName, type Repository } from "../organisation/repository.js";
import { failure } from "../server/answer.js";
import { Answered, type Call } from "../server/call.js";

/** Performs a change for the caller and sends what GitHub would send. A refused change is answered with its status. */
export function perform<K extends ChangeName>(call: Call, change: K, input: ChangeInput<K>): ChangeResult<K> {
  const { organisation, deliveries } = call.simulation;
  try {
    const result = apply(organisation, change, input);
    deliveries.send(drain(organisation));
    return result;
  } catch (error) {
    if (error instanceof ChangeRefused) throw new Answered(failure(error.status, error.message));
    throw error;
  }
}

/** Who the caller writes as. */
export function by(call: Call): { readonly by: string } {
  return { by: accountOf(call.simulation, call.caller).login };
}

export function inRepository(call: Call, repository: Repository): { readonly by: string; readonly repository: string } {
  return { ...by(call), repository: fullName(repository) };
}
