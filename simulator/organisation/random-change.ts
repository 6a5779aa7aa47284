import { between, choose, pick, seededRandom, type Random } from "../random.js";
import { apply } from "./apply.js";
import type { Change } from "./changes/table.js";
import type { Organisation } from "./organisation.js";
import { codeGenerators } from "./random/code.js";
import { drawIn, type Generator, GHOST, person } from "./random/context.js";
import { issueGenerators, untoldGenerators } from "./random/issues.js";
import { pullGenerators } from "./random/pulls.js";
import { repositoryGenerators } from "./random/repositories.js";
import { fullName } from "./repository.js";

/** How often a change of the repository itself is drawn. */
const REPOSITORY_RATE = 0.03;
/** How often one is that GitHub does not tell of, where such are wanted. */
const UNTOLD_RATE = 0.03;
const MAX_TRIES = 50;

/**
 * Draws a change over all entities that GitHub would accept now; it isn't applied. Every one can be followed by its
 * deliveries alone: what GitHub changes without telling (new ghosts, transferred comments, and renamed labels unless
 * `untold`) is left out. Null when there is no repository.
 */
export function randomChange(organisation: Organisation, random: Random, untold = false): Change | null {
  const repositories = [...organisation.repositories.values()];
  const open = repositories.filter((each) => !each.archived && each.branches.size > 0);
  if (!organisation.accounts.has(GHOST)) apply(organisation, "deleteAccount", { login: GHOST });
  const archived = pick(
    random,
    repositories.filter((each) => each.archived),
  );
  if (archived !== undefined && (open.length === 0 || random() < REPOSITORY_RATE)) {
    return { change: "unarchiveRepository", input: { repository: fullName(archived), by: person(random) } };
  }
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    const repository = pick(random, open);
    if (repository === undefined) return null;
    const change = pick(random, familyOf(random, untold))?.(drawIn(organisation, random, repository)) ?? null;
    if (change !== null) return change;
  }
  return null;
}

function familyOf(random: Random, untold: boolean): readonly Generator[] {
  if (untold && random() < UNTOLD_RATE) return untoldGenerators;
  if (random() < REPOSITORY_RATE) return repositoryGenerators;
  return choose(random, [pullGenerators, issueGenerators, codeGenerators, pullGenerators, issueGenerators]);
}

export interface RandomChangesOptions {
  readonly seed: number;
  readonly count: number;
  /** How often the clock stays in the same second; default 0.5. */
  readonly tieRate?: number;
  /** Also what GitHub tells in no delivery that the app is subscribed to: labels get other names. Default false. */
  readonly untold?: boolean;
}

/** Draws and applies that many changes; `advance` moves the organisation's clock by whole seconds between them. */
export function randomChanges(
  organisation: Organisation,
  options: RandomChangesOptions,
  advance: (seconds: number) => void,
): Change[] {
  const random = seededRandom(options.seed);
  const changes: Change[] = [];
  for (let index = 0; index < options.count; index += 1) {
    if (random() >= (options.tieRate ?? 0.5)) advance(between(random, 1, 5));
    const change = randomChange(organisation, random, options.untold);
    if (change === null) continue;
    apply(organisation, change.change, change.input);
    changes.push(change);
  }
  return changes;
}
