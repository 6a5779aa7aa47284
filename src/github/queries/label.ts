import { z } from "zod";
import { text } from "./scalars.js";

/** GraphQL has no numeric id for a label; `LabelBody` needs it from elsewhere. */
export const LabelNode = z.object({ id: z.string(), name: text, color: z.string(), description: text.nullable() });
export type LabelNode = z.infer<typeof LabelNode>;
