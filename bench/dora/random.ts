import type { Store } from "../../src/store/store.js";
import { DEFAULT_RULES } from "../../src/reports/dora/rows.js";
import { between, seededRandom } from "../../simulator/random.js";
import { REPOSITORY } from "./script.js";
import { lineOf } from "./line.js";
import { computed, emptyMirror, store } from "./mirror.js";
import { shaOf, World } from "./world.js";

const STEPS = 40;
const SERVICES = { api: "api/**", web: "web/**" };
const STATUSES = [
  [["success", 0]],
  [
    ["in_progress", 0],
    ["success", 0.2],
  ],
  [
    ["success", 0.1],
    ["inactive", 3],
  ],
  [
    ["error", 0.1],
    ["success", 0.5],
  ],
  [
    ["in_progress", 0],
    ["failure", 0.3],
  ],
  [["in_progress", 0]],
  [],
] as const;

interface Random {
  int(low: number, high: number): number;
  /** One of at least one item. */
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
}

function randomOf(seed: number): Random {
  const next = seededRandom(seed);
  return {
    int: (low, high) => between(next, low, high),
    pick(items) {
      const [item] = items.slice(between(next, 0, items.length - 1));
      if (item === undefined) throw new Error("nothing to choose from");
      return item;
    },
    shuffle: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}

/** What one of the histories is made of. */
function randomWorld(random: Random): World {
  const w = new World(REPOSITORY);
  w.c("a", "", 0);
  w.push("", "a", 0);
  const trunk = ["a"];
  const pulls: { readonly number: number; readonly merge: string }[] = [];
  let [at, names, deployments] = [0, 0, 0];
  const named = (): string => `n${(names += 1)}`;
  const head = (): string => trunk.at(-1) ?? "a";
  const add = (name: string, parents: string, options = {}): void => {
    w.c(name, parents, at, {
      files: [random.pick(["api/x", "web/y", "docs/z"])],
      by: at - random.int(0, 3),
      ...options,
    });
    trunk.push(name);
  };
  for (let step = 0; step < STEPS; step += 1) {
    at += random.pick([0, 0.25, 1, 2, 5, 30]);
    const what = random.int(0, 11);
    const base = head();
    if (what === 0) {
      const name = named();
      add(name, base);
      w.push(base, name, at);
    } else if (what <= 3) {
      const [topic, merge] = [named(), named()];
      const number = pulls.length + 1;
      w.c(topic, base, at, { by: at - 1, files: ["api/x"] });
      w.push("", topic, at, `topic-${number}`);
      const asMerge = random.int(0, 1) === 0;
      const title = pulls.length > 0 && random.int(0, 5) === 0 ? 'Revert "A change"' : "A change";
      add(merge, asMerge ? `${base} ${topic}` : base, { by: at });
      w.push(base, asMerge ? `${topic} ${merge}` : merge, at);
      w.pr(number, {
        head: topic,
        merge,
        at,
        title,
        body: title === "A change" ? "" : `Reverts acme/r#${random.pick(pulls).number}`,
        labels: random.int(0, 6) === 0 ? ["hotfix"] : [],
      });
      pulls.push({ number, merge });
    } else if (what === 4) {
      const name = named();
      add(name, base, { message: `Revert\n\nThis reverts commit ${shaOf(random.pick(trunk))}.` });
      w.push(base, name, at);
    } else if (what === 5) {
      const name = named();
      const original = random.pick(trunk);
      w.c(name, trunk[0] ?? "a", at, { by: at - 1, message: `x\n\n(cherry picked from commit ${shaOf(original)})` });
      w.push("", name, at, `release-${name}`);
      w.d((deployments += 1), "production", name, at, { ref: `release-${name}` });
    } else if (what === 6 && deployments > 0) {
      const blamed = REPOSITORY * 10_000 + random.int(1, deployments);
      w.incident(100 + step, at, random.int(0, 1) === 0 ? null : at + 2, `Caused by deployment ${blamed}`);
    } else {
      const name = random.int(0, 4) === 0 ? random.pick(trunk) : base;
      const statuses = random.pick(STATUSES).map(([state, after]) => [state, at + after] as const);
      w.d((deployments += 1), random.pick(["production", "staging"]), name, at, {
        statuses,
        payload: random.int(0, 12) === 0 ? { hotfix: true } : {},
        ...(random.int(0, 3) === 0 ? { run: step } : {}),
      });
    }
  }
  return w;
}

/** Whether a history has the same figures when a fifth of its deliveries is lost, others come twice, and all in any order. */
export async function randomDifference(of: Store, seed: number): Promise<string | null> {
  const random = randomOf(seed);
  const world = randomWorld(random);
  const services = random.int(0, 1) === 0 ? undefined : SERVICES;
  const play = async (deliveries: typeof world.deliveries): Promise<string> => {
    await emptyMirror(of);
    const readsAt = random.int(0, deliveries.length);
    for (const [index, { handler, payload }] of deliveries.entries()) {
      if (index === readsAt) await store(of, world.reads());
      await store(of, handler.read(payload).facts);
    }
    await store(of, world.reads());
    const courses = await computed(of, services);
    return courses
      .map((course) => `${course.service} ${course.environment}: ${lineOf(course, DEFAULT_RULES.window)}`)
      .toSorted()
      .join("\n");
  };
  const whole = await play(world.deliveries);
  const kept = world.deliveries.filter(() => random.int(0, 4) > 0);
  const repeated = kept.filter(() => random.int(0, 4) === 0);
  const disordered = await play(random.shuffle([...kept, ...repeated]));
  return whole === disordered ? null : `seed ${seed}:\n${whole}\nwith loss, repeats and reordering:\n${disordered}`;
}
