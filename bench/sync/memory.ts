import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");

function collect(): void {
  if (typeof gc === "function") void Reflect.apply(gc, undefined, []);
}

/** What this process uses after a forced collection, in MB. */
export function collected(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

/** What is in use after a forced collection, in MB, sampled while something runs. */
export interface MemorySamples {
  add(mb: number): void;
  /** Of the samples from a fifth of them on. */
  spread(): { readonly lowMb: number; readonly highMb: number; readonly samples: number };
}

export function memorySamples(): MemorySamples {
  const used: number[] = [];
  return {
    add: (mb) => void used.push(mb),
    spread() {
      const late = used.slice(Math.floor(used.length / 5));
      return { lowMb: Math.round(Math.min(...late)), highMb: Math.round(Math.max(...late)), samples: late.length };
    },
  };
}
