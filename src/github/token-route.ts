import { z } from "zod";

const WithRequest = z.object({ request: z.object({ url: z.string() }) });
const TOKEN_ROUTE = /\/app\/installations\/[^/]+\/access_tokens$/;

/** Whether the failed call was the token request that precedes another call. */
export function isTokenFailure(error: unknown): boolean {
  const url = WithRequest.safeParse(error).data?.request.url;
  return url !== undefined && TOKEN_ROUTE.test(url);
}
