import { createRequire } from "node:module";
import type { WebhookEventMap } from "@octokit/webhooks-types";
import { z } from "zod";
import { CONTENT_EVENTS } from "../src/domain.js";

const Account = z.object({ id: z.int(), login: z.string() }).loose();
const Example = z
  .object({
    action: z.string().optional(),
    installation: z.object({ id: z.int() }).loose().optional(),
    repository: z.object({ owner: Account }).loose().optional(),
  })
  .loose();
const Examples = z.array(z.object({ name: z.string(), examples: z.array(Example) }));

/** A payload as GitHub published it, with an installation where it had none. */
export interface ExampleDelivery {
  readonly event: keyof WebhookEventMap;
  readonly payload: z.infer<typeof Example>;
}

/** Every published example of the eight content events, in the package's order. */
export function exampleDeliveries(installationId: number): readonly ExampleDelivery[] {
  return CONTENT_EVENTS.flatMap((event) =>
    published(event).map((payload) => ({
      event,
      payload: { ...payload, installation: payload.installation ?? { id: installationId, node_id: "" } },
    })),
  );
}

/**
 * That the accounts of these deliveries have uninstalled the app, by GitHub's own example of it. They exist in the examples
 * only: whoever asks GitHub about them is told that it knows none.
 */
export function partingDeliveries(deliveries: readonly ExampleDelivery[]): readonly ExampleDelivery[] {
  const [example] = published("installation").filter(({ action }) => action === "deleted");
  const owners = deliveries.map(({ payload }) => [payload.installation?.id, payload.repository?.owner] as const);
  return [...new Map(owners)].map(([id, account]) => ({
    event: "installation",
    payload: { ...example, installation: { ...example?.installation, id: id ?? 0, account } },
  }));
}

function published(event: string): readonly z.infer<typeof Example>[] {
  const all = Examples.parse(createRequire(import.meta.url)("@octokit/webhooks-examples"));
  return all.find(({ name }) => name === event)?.examples ?? [];
}
