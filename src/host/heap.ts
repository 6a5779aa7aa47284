import { setFlagsFromString } from "node:v8";

/** Up to three times what lives; V8's own choice is between 1.3 and four times. */
export const HEAP_FLAG = "--heap-growing-percent=200";

/**
 * How far the heap of a process that takes deliveries may grow before all of it is marked again. V8 counts bodies, which
 * lie outside of the heap, as growth, and allows a process whose old generation fills slowly only 1.3 times: under load it
 * then marks everything several times a second, for 40 ms each, and all deliveries wait (docs/decisions/0020-heap-growth.md).
 */
export function letHeapGrow(): void {
  setFlagsFromString(HEAP_FLAG);
}
