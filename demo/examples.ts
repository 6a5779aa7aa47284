import { createRequire } from "node:module";
import type { WebhookEventMap } from "@octokit/webhooks-types";
import { z } from "zod";
import { CONTENT_EVENTS } from "../src/domain.js";

const Example = z.object({ installation: z.unknown().optional() }).loose();
const Examples = z.array(z.object({ name: z.string(), examples: z.array(Example) }));

/** A payload as GitHub published it, with an installation where it had none. */
export interface ExampleDelivery {
  readonly event: keyof WebhookEventMap;
  readonly payload: z.infer<typeof Example>;
}

/** Every published example of the eight content events, in the package's order. */
export function exampleDeliveries(installationId: number): readonly ExampleDelivery[] {
  const published = Examples.parse(createRequire(import.meta.url)("@octokit/webhooks-examples"));
  return CONTENT_EVENTS.flatMap((event) => {
    const examples = published.find(({ name }) => name === event)?.examples ?? [];
    return examples.map((payload) => ({
      event,
      payload: { ...payload, installation: payload.installation ?? { id: installationId, node_id: "" } },
    }));
  });
}
