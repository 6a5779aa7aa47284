import { CHANGES, type ChangeInput, type ChangeName, type ChangeResult } from "./changes/table.js";
import type { Organisation } from "./organisation.js";

type Changes = {
  readonly [K in ChangeName]: (organisation: Organisation, input: ChangeInput<K>) => ChangeResult<K>;
};

const changes: Changes = CHANGES;

/**
 * Applies a change. What GitHub would send for it waits in the organisation's outbox; take it with `drain`.
 * Throws `ChangeRefused` when GitHub would refuse it.
 */
export function apply<K extends ChangeName>(
  organisation: Organisation,
  change: K,
  input: ChangeInput<K>,
): ChangeResult<K> {
  return changes[change](organisation, input);
}
