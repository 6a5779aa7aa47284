import { z } from "zod";
import { ReleaseBody, releaseFacts } from "../../facts/release.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import type { Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { scopeOf } from "../scope.js";

const Releases = z.array(ReleaseBody);

/** Releases, the latest first. By REST: GraphQL does not tell what a release is made from. */
export const releases: Unit = {
  name: "releases",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "unchanged",
  async read(reading) {
    const repository = repositoryOf(reading);
    const number = Number(reading.cursor.cursor ?? 1);
    const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/releases", {
      owner: repository.owner,
      repo: repository.name,
      per_page: reading.pageSize,
      page: number,
    });
    const bodies = Releases.parse(data);
    const last = bodies.length < reading.pageSize;
    const scope = scopeOf(reading, repository);
    return {
      facts: bodies.flatMap((body) => releaseFacts(body, scope)),
      absences:
        last && number === 1
          ? [{ table: "releases", repositoryId: repository.id, present: bodies.map(({ id }) => id) }]
          : [],
      rows: bodies.length,
      total: null,
      next: last ? null : String(number + 1),
    };
  },
};
