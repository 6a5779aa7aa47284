import type { Octokit } from "@octokit/core";
import { z } from "zod";
import { parseJson } from "../../unchecked.js";
import type { ResponseCache } from "../response-cache.js";

const NotModified = z.object({
  status: z.literal(304),
  response: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});

/** Makes conditional requests: a 304 is free and returns the stored body. `scope` separates installations. */
export function conditional(octokit: Octokit, scope: string, cache: ResponseCache): void {
  octokit.hook.wrap("request", async (request, options) => {
    const endpoint = octokit.request.endpoint.parse(options);
    if (endpoint.method !== "GET" || "if-none-match" in options.headers) return request(options);
    const key = [scope, endpoint.headers.accept, endpoint.url].join(" ");
    const kept = await cache.get(key);
    try {
      // Changed in place, because the inner hooks are bound to this object.
      if (kept) options.headers["if-none-match"] = kept.etag;
      const response = await request(options);
      const { etag, link } = response.headers;
      const body = etag ? textOf(response.data) : null;
      if (etag && body !== null) await cache.set(key, { etag, body, link: link ?? null });
      return response;
    } catch (error) {
      const notModified = NotModified.safeParse(error).data;
      if (!kept || !notModified) throw error;
      const { url, headers } = notModified.response;
      return {
        status: 200,
        url,
        headers: kept.link ? { ...headers, link: kept.link } : headers,
        data: parseJson(kept.body),
      };
    }
  });
}

/** The JSON of a parsed body; null for text (an incomplete answer) and for numbers that JSON cannot represent. */
function textOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null) return null;
  try {
    return JSON.stringify(data);
  } catch {
    return null;
  }
}
