import { z } from "zod";
import { InvalidError } from "../../errors.js";
import { id } from "../../facts/scalars.js";
import type { GitHubClient } from "../../github/client.js";

const Attempt = z.object({
  id,
  guid: z.string(),
  delivered_at: z.coerce.date(),
  status: z.string().catch(""),
  status_code: z.int().catch(0),
  event: z.string(),
  action: z.string().nullable().catch(null),
  installation_id: id.nullable().catch(null),
  repository_id: id.nullable().catch(null),
});
/** One attempt by GitHub to deliver: the GUID is the delivery's, the id the attempt's. */
export type Attempt = z.infer<typeof Attempt>;

const Page = z.array(Attempt);

/**
 * The App's attempts from the newest down to `since`, page by page, with any result. Source: GitHub's REST reference,
 * 'List deliveries for an app webhook'.
 */
export async function* listAttempts(
  app: Pick<GitHubClient, "pages">,
  since: Date,
  signal?: AbortSignal,
): AsyncIterable<readonly Attempt[]> {
  for await (const body of app.pages("GET /app/hook/deliveries")) {
    signal?.throwIfAborted();
    const page = Page.safeParse(body);
    if (!page.success) throw new InvalidError(`GitHub's list of deliveries: ${z.prettifyError(page.error)}`);
    const recent = page.data.filter(({ delivered_at }) => delivered_at >= since);
    if (recent.length > 0) yield recent;
    // Newest first: the following ones are older.
    if (recent.length < page.data.length) return;
  }
}
