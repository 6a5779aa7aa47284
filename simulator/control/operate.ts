import type { Simulation } from "../simulation.js";
import { OPERATIONS, type OperationInput, type OperationName, type OperationOutput } from "./operations.js";

type Run<K extends OperationName> = (
  simulation: Simulation,
  input: OperationInput<K>,
) => OperationOutput<K> | Promise<OperationOutput<K>>;

const operations: { readonly [K in OperationName]: Run<K> } = OPERATIONS;

/** Runs one operation by its name. */
export async function operate<K extends OperationName>(
  simulation: Simulation,
  name: K,
  input: OperationInput<K>,
): Promise<OperationOutput<K>> {
  return operations[name](simulation, input);
}
