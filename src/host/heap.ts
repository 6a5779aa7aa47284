import { setFlagsFromString } from "node:v8";

/** Up to three times the live memory; V8's own choice is between 1.3 and 4 times. */
export const HEAP_FLAG = "--heap-growing-percent=200";

/**
 * How far the heap of a receiving process may grow before a full garbage collection. V8 counts bodies outside of the
 * heap as growth, and allows a slowly filling process only 1.3 times: under load it then collects several times a
 * second, for 40 ms each, while all deliveries wait (docs/decisions/0020-heap-growth.md).
 */
export function letHeapGrow(): void {
  setFlagsFromString(HEAP_FLAG);
}
