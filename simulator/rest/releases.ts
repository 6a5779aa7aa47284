import { z } from "zod";
import type { Release, Repository } from "../organisation/repository.js";
import { renderRelease } from "../render/deployment.js";
import { NO_CONTENT, NOT_FOUND, one } from "../server/answer.js";
import { Answered, bodyOf, numberParam, param, type Call } from "../server/call.js";
import { page } from "../server/page.js";
import { repositoryRoutes } from "../server/repository-route.js";
import { by, inRepository, perform } from "./changes.js";

function releaseIn(call: Call, repository: Repository): Release {
  const found = repository.releases.get(numberParam(call, "id"));
  if (found === undefined) throw new Answered(NOT_FOUND);
  return found;
}

const NewRelease = z.object({
  tag_name: z.string(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
});

const ReleaseEdit = z.object({ name: z.string().nullish(), body: z.string().nullish(), draft: z.boolean().optional() });

const READ = ["contents", "read"] as const;
const WRITE = ["contents", "write"] as const;

export const releaseRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "/releases",
    permission: READ,
    handle: (call, repository) =>
      page(call, "release", [...repository.releases.values()].reverse(), (each) =>
        renderRelease(call.simulation.organisation, each),
      ),
  },
  {
    method: "GET",
    path: "/releases/latest",
    permission: READ,
    handle: (call, repository) => {
      const latest = [...repository.releases.values()].reverse().find((each) => !each.draft && !each.prerelease);
      return latest === undefined ? NOT_FOUND : one("release", renderRelease(call.simulation.organisation, latest));
    },
  },
  {
    method: "GET",
    path: "/releases/tags/:tag",
    permission: READ,
    handle: (call, repository) => {
      const found = [...repository.releases.values()].find(
        (each) => each.tagName === param(call, "tag") && !each.draft,
      );
      return found === undefined ? NOT_FOUND : one("release", renderRelease(call.simulation.organisation, found));
    },
  },
  {
    method: "GET",
    path: "/releases/:id",
    permission: READ,
    handle: (call, repository) =>
      one("release", renderRelease(call.simulation.organisation, releaseIn(call, repository))),
  },
  {
    method: "POST",
    path: "/releases",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const wanted = bodyOf(call, NewRelease);
      const made = perform(call, "createRelease", {
        ...inRepository(call, repository),
        tag: wanted.tag_name,
        name: wanted.name ?? null,
        body: wanted.body ?? null,
        draft: wanted.draft ?? false,
        prerelease: wanted.prerelease ?? false,
      });
      return one("release", renderRelease(call.simulation.organisation, made), 201);
    },
  },
  {
    method: "PATCH",
    path: "/releases/:id",
    permission: WRITE,
    content: true,
    handle: (call, repository) => {
      const release = releaseIn(call, repository);
      const wanted = bodyOf(call, ReleaseEdit);
      const on = { ...by(call), release: release.id };
      perform(call, "editRelease", {
        ...on,
        ...(wanted.name === undefined ? {} : { name: wanted.name }),
        ...(wanted.body === undefined ? {} : { body: wanted.body }),
      });
      if (wanted.draft === false) perform(call, "publishRelease", on);
      return one("release", renderRelease(call.simulation.organisation, release));
    },
  },
  {
    method: "DELETE",
    path: "/releases/:id",
    permission: WRITE,
    handle: (call, repository) => {
      perform(call, "deleteRelease", { ...by(call), release: releaseIn(call, repository).id });
      return NO_CONTENT;
    },
  },
]);
