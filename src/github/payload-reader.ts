import { z } from "zod";
import { GoneError } from "../errors.js";
import type { GitHubReader } from "./reader.js";

const Id = z.coerce.bigint();
const Part = z.object({ id: Id.optional().catch(undefined), number: z.int().optional().catch(undefined) }).loose();
const List = z.array(z.unknown()).catch([]);
const Payload = z.record(z.string(), z.unknown()).catch({});

/**
 * Reads from one payload, for `probot receive` and tests, without API calls. Missing data is a `GoneError` and is
 * passed to `onMissing`.
 */
export function createPayloadReader(
  payload: unknown,
  onMissing: (what: string) => void = () => undefined,
): GitHubReader {
  const parts = Payload.parse(payload);
  const listed = ["repositories", "repositories_added"].flatMap((name) => List.parse(parts[name]));

  const notThere = (what: string): GoneError => {
    onMissing(what);
    return new GoneError(`not run: it reads ${what} from GitHub, and this command reads only the payload`);
  };
  const nothing = (what: string): AsyncIterable<never> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(notThere(what)) }),
  });
  const read = (name: string, matches: (part: z.infer<typeof Part>) => boolean): unknown => {
    const part = Part.safeParse(parts[name]).data;
    if (part && matches(part)) return parts[name];
    throw notThere(`the ${name.replaceAll("_", " ")}`);
  };
  const byId = async (name: string, id: bigint): Promise<unknown> => read(name, (part) => part.id === id);
  const byNumber = async (name: string, number: number): Promise<unknown> =>
    read(name, (part) => part.number === number);

  return {
    async repository(id) {
      return listed.find((repository) => Part.safeParse(repository).data?.id === id) ?? byId("repository", id);
    },
    pullRequest: (_repository, number) => byNumber("pull_request", number),
    review: (_repository, _number, id) => byId("review", id),
    issue: (_repository, number) => byNumber("issue", number),
    issueComment: (_repository, id) => byId("comment", id),
    deployment: (_repository, id) => byId("deployment", id),
    deploymentStatus: (_repository, _deploymentId, id) => byId("deployment_status", id),
    release: (_repository, id) => byId("release", id),
    // A push lists its commits in another shape than the API.
    commits: () => nothing("the commits between two others"),
    async installation() {
      return read("installation", (part) => "account" in part);
    },
    async *repositories() {
      if (listed.length === 0) throw notThere("the repositories of the installation");
      yield* listed;
    },
  };
}
