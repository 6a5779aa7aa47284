import { z } from "zod";
import { said } from "../../../text/say.js";

/** One match of a rule. Plain data, because it comes from the inspecting process. */
export const match = z.object({
  /** Null: the whole pull request. */
  path: z.string().nullable(),
  /** An added line of the new file; null: the whole file, or a removed line. */
  line: z.int().nullable(),
  endLine: z.int().exactOptional(),
  says: said,
  /** The replacement of `line`, if the fix is mechanical; empty: remove the line. */
  replacement: z.string().nullable().exactOptional(),
  /** Distinguishes matches without a line, or whose line must not be read. */
  identity: z.string().exactOptional(),
});
export type Match = Readonly<z.output<typeof match>>;
