import { z } from "zod";
import { QUEUES } from "../../domain.js";

/** What every row of `jobs` says of the work it stands for. */
export const JobRow = z.object({
  id: z.coerce.bigint(),
  queue: z.enum(QUEUES).exclude(["deliveries"]),
  name: z.string(),
  key: z.string(),
});
