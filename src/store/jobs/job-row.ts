import { z } from "zod";
import { QUEUES } from "../../domain.js";

/** The columns of `jobs` that describe the work. */
export const JobRow = z.object({
  id: z.coerce.bigint(),
  queue: z.enum(QUEUES).exclude(["deliveries"]),
  name: z.string(),
  key: z.string(),
});
