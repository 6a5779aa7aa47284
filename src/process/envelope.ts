import { z } from "zod";
import { InvalidError } from "../errors.js";

/** What payloads of any event say about where they belong. */
const Envelope = z.object({
  action: z.string().nullish(),
  installation: z.object({ id: z.number().int() }).nullish(),
  repository: z.object({ id: z.number().int(), full_name: z.string(), archived: z.unknown().optional() }).nullish(),
});
export type Envelope = z.infer<typeof Envelope>;

/** @throws InvalidError when the payload is not an object, or these fields are not what they are in every event. */
export function envelopeOf(payload: unknown): Envelope {
  const parsed = Envelope.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  throw new InvalidError(`${problem?.path.join(".") || "payload"}: ${problem?.message ?? "not a GitHub payload"}`);
}
