import { z } from "zod";
import { ReleaseBody, releaseFacts } from "../../facts/release.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import type { Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { offPage } from "../off-page.js";
import { resumePointOf } from "../resume-point.js";
import { scopeOf } from "../scope.js";

const Releases = z.array(ReleaseBody);

/** Releases, newest first. By REST, because GraphQL does not show the target of a release. */
export const releases: Unit = {
  name: "releases",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "unchanged",
  async read(reading) {
    const repository = repositoryOf(reading);
    const resumePoint = resumePointOf(reading.cursor);
    const number = Number(resumePoint.page ?? 1);
    const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/releases", {
      owner: repository.owner,
      repo: repository.name,
      per_page: reading.pageSize,
      page: number,
    });
    const listed = Releases.parse(data);
    const ids = listed.map(({ id }) => id);
    const behind =
      listed.length < reading.pageSize ? await offPage(reading, repository, "releases", ids, resumePoint) : null;
    const bodies = [...listed, ...Releases.parse(behind?.there ?? [])];
    const scope = scopeOf(reading, repository);
    return {
      facts: bodies.flatMap((body) => releaseFacts(body, scope)),
      absences: behind?.absences ?? [],
      rows: resumePoint.askedTo > 0 ? 0 : listed.length,
      total: null,
      next: behind ? behind.next : String(number + 1),
    };
  },
};
