import { z } from "zod";
import type { CursorRow } from "../store/sync/cursors.js";

const Asking = z.object({ page: z.string().nullable(), askedTo: z.int() });

/** Where a list goes on: at a page, and on the last one behind the id up to which what no page showed was asked for. */
export type Place = z.infer<typeof Asking>;

/** No page's own name is a JSON object. */
export function placeOf({ cursor }: Pick<CursorRow, "cursor">): Place {
  if (cursor?.startsWith("{") !== true) return { page: cursor, askedTo: 0 };
  return Asking.parse(JSON.parse(cursor));
}

/** The same page again, which shows that the repository is still ours to ask. */
export function askingOn(place: Place): string {
  return JSON.stringify(place);
}
