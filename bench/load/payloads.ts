import { createRequire } from "node:module";
import { z } from "zod";

/** A real payload, cut before its last brace so that each request can end in a field of its own. */
export interface BenchPayload {
  readonly event: string;
  readonly bytes: number;
  readonly shared: string;
}

const Examples = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }));

/** An example of `@octokit/webhooks-examples`, by its event and place in the list. */
export function examplePayload(event: string, index: number): BenchPayload {
  const read = createRequire(import.meta.url);
  const examples = Examples.parse(read("@octokit/webhooks-examples/api.github.com/index.json"));
  const example = examples.find(({ name }) => name === event)?.examples[index];
  if (!example) throw new Error(`no example ${index} of ${event}`);
  const text = JSON.stringify(example);
  return { event, bytes: Buffer.byteLength(text), shared: text.slice(0, -1) };
}
