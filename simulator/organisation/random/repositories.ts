import { between, pick } from "../../random.js";
import { prose, type Generator } from "./context.js";

const rename: Generator = (draw) => ({
  change: "renameRepository",
  input: { ...draw.in, name: `renamed-${draw.organisation.nextId}-${between(draw.random, 1, 1000)}` },
});

const describe: Generator = (draw) => ({
  change: "editRepository",
  input: { ...draw.in, description: prose(draw.random) },
});

const archive: Generator = (draw) => ({ change: "archiveRepository", input: draw.in });

const visibility: Generator = (draw) => ({
  change: "setVisibility",
  input: { ...draw.in, visibility: pick(draw.random, ["public", "private"] as const) ?? "private" },
});

export const repositoryGenerators: readonly Generator[] = [rename, describe, archive, visibility];
