import { z } from "zod";
import type { CursorRow } from "../store/sync/cursors.js";
import { storableJson } from "../text/storable.js";

const Asking = z.object({ page: z.string().nullable(), askedTo: z.int() });

/** The position in a list: a page, or on the last page the id up to which missing items were read by themselves. */
export type ResumePoint = z.infer<typeof Asking>;

/** A page's own name is never a JSON object. */
export function resumePointOf({ cursor }: Pick<CursorRow, "cursor">): ResumePoint {
  if (cursor?.startsWith("{") !== true) return { page: cursor, askedTo: 0 };
  return Asking.parse(JSON.parse(cursor));
}

/** The same page again, which shows that the App can still access the repository. */
export function resumePointText(point: ResumePoint): string {
  return storableJson(point);
}
