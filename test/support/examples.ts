import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { z } from "zod";

const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }));

export interface Example {
  readonly event: string;
  readonly index: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The real deliveries of `@octokit/webhooks-examples`, read anew at each call. */
export function examples(): readonly Example[] {
  const path = createRequire(import.meta.url).resolve("@octokit/webhooks-examples/api.github.com/index.json");
  const events = Examples.parse(JSON.parse(readFileSync(path, "utf8")));
  return events.flatMap(({ name, examples }) => examples.map((payload, index) => ({ event: name, index, payload })));
}

export function examplesOf(event: string): readonly Example[] {
  return examples().filter((example) => example.event === event);
}
