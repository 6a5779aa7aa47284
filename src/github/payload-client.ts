import { GoneError } from "../errors.js";
import type { GitHubClient } from "./client.js";

/**
 * The client of a host without calls: it refuses each one.
 * @param onRefused receives each refused request; the work that needs it was not run.
 */
export function createPayloadClient(onRefused: (what: string) => void = () => undefined): GitHubClient {
  const refuse = (what: string): GoneError => {
    onRefused(what);
    return new GoneError(`not run: it reads ${what} from GitHub, and this command reads only the payload`);
  };
  return {
    rest: (route) => Promise.reject(refuse(route)),
    pages: (route) => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refuse(route)) }) }),
    query: ({ name }) => Promise.reject(refuse(`QUERY ${name}`)),
  };
}
