import { ReleaseBody, releaseFacts } from "../facts/release.js";
import { Delivered, scopeOf, surroundings } from "./delivered.js";
import { defineHandler } from "./handler.js";

const Payload = Delivered.extend({ release: ReleaseBody });

export const release = defineHandler({
  on: "release",
  actions: ["created", "deleted", "edited", "prereleased", "published", "released", "unpublished"],
  payload: Payload,
  subject: ({ release }) => `release:${release.tag_name}`,
  skipWhen: [],
  facts(payload) {
    const { release, repository, action } = payload;
    return [
      ...surroundings(
        payload,
        release.updated_at ?? release.published_at ?? release.created_at ?? repository.updated_at,
      ),
      ...releaseFacts(release, scopeOf(payload), action === "deleted"),
    ];
  },
  jobs: ({ action, repository, release }) =>
    action === "published"
      ? [{ name: "announce", payload: { repositoryId: repository.id, releaseId: release.id } }]
      : [],
});
