import { z } from "zod";
import { LabelBody, labelFacts } from "../../facts/label.js";
import { LARGEST_PAGE } from "../../github/queries/floor.js";
import type { Unit } from "../entity.js";
import { repositoryOf } from "../gone.js";
import { scopeOf } from "../scope.js";

const Labels = z.array(LabelBody);

/** A repository's labels. Renaming a label changes no version of the issues that carry it. */
export const labels: Unit = {
  name: "labels",
  largestPage: LARGEST_PAGE,
  adaptive: false,
  stops: "never",
  async read(reading) {
    const repository = repositoryOf(reading);
    const number = Number(reading.cursor.cursor ?? 1);
    const { data } = await reading.client.rest("GET /repos/{owner}/{repo}/labels", {
      owner: repository.owner,
      repo: repository.name,
      per_page: reading.pageSize,
      page: number,
    });
    const bodies = Labels.parse(data);
    return {
      facts: labelFacts(bodies, scopeOf(reading, repository), reading.observedAt.toISOString()),
      labelsOf: repository.id,
      rows: bodies.length,
      total: null,
      next: bodies.length < reading.pageSize ? null : String(number + 1),
    };
  },
};
