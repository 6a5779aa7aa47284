import { z } from "zod";
import { said } from "../../../text/say.js";

/** One place that a rule complains about. Plain data: it crosses from the process that looks at texts. */
export const match = z.object({
  /** Null: the pull request as a whole. */
  path: z.string().nullable(),
  /** Line of the new file, one that the change adds; null: the file as a whole, or a line that is gone. */
  line: z.int().nullable(),
  endLine: z.int().exactOptional(),
  says: said,
  /** What `line` should be, where that is mechanical; empty: the line should go. */
  replacement: z.string().nullable().exactOptional(),
  /** Tells matches apart that have no line, or whose line must not be looked at. */
  identity: z.string().exactOptional(),
});
export type Match = Readonly<z.output<typeof match>>;
