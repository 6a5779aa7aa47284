import type { Change, ChangeInput, ChangeName } from "../organisation/changes/table.js";
import type { Applied, OperationInput, OperationName, OperationOutput } from "./operations.js";
import { trusted } from "./trusted.js";

export type Transport = <K extends OperationName>(name: K, input: OperationInput<K>) => Promise<OperationOutput<K>>;

/** The control of a simulated GitHub, in this process or in another. */
export interface Control {
  /** Applies one change: `await control.apply("openPull", { repository: "acme/shop", title: "…" })`. */
  apply<K extends ChangeName>(change: K, input: ChangeInput<K>): Promise<Applied>;
  /** Any other operation: `await control.run("faults", { serverError: 0.1 })`. */
  run<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>>;
}

export function controlOf(transport: Transport): Control {
  return {
    apply: (change, input) => transport("apply", trusted<Change>({ change, input })),
    run: (name, input) => transport(name, input),
  };
}
