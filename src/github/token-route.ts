import { z } from "zod";

const WithRequest = z.object({ request: z.object({ url: z.string() }) });
const TOKEN_ROUTE = /\/app\/installations\/[^/]+\/access_tokens$/;

/** Whether it was the request for an installation token that failed, on behalf of another one. */
export function isTokenFailure(error: unknown): boolean {
  const url = WithRequest.safeParse(error).data?.request.url;
  return url !== undefined && TOKEN_ROUTE.test(url);
}
