import { z } from "zod";
import type { Parameters } from "../github/client.js";
import type { Attempt } from "./attempt.js";
import { isOurs } from "./author.js";
import { hasIntent, hasTarget } from "./marker.js";
import { Written } from "./written.js";

const Page = z.array(z.unknown()).catch([]);

/**
 * Searches a list for the write of an earlier attempt: by this App, and marked with this intent, or else the newest
 * with this target.
 */
export async function findWritten(attempt: Attempt, route: string, parameters: Parameters): Promise<Written | null> {
  const identity = await attempt.identity();
  let sameTarget: Written | null = null;
  for await (const page of attempt.github.pages(route, parameters)) {
    for (const item of Page.parse(page)) {
      const written = Written.safeParse(item).data;
      if (!written || !isOurs(item, identity)) continue;
      if (hasIntent(written.body, attempt)) return written;
      if (hasTarget(written.body, attempt)) sameTarget = written;
    }
  }
  return sameTarget;
}
