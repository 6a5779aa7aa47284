import { GoneError } from "../errors.js";
import type { GitHubClient } from "./client.js";

/** The client of a host that calls nothing: what it is asked for is not there. */
export function createPayloadClient(): GitHubClient {
  const refuse = (what: string): GoneError =>
    new GoneError(`${what} would be asked for, and here only the payload is read`);
  return {
    rest: (route) => Promise.reject(refuse(route)),
    pages: (route) => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refuse(route)) }) }),
    query: ({ name }) => Promise.reject(refuse(`QUERY ${name}`)),
  };
}
