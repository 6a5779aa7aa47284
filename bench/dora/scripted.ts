import type { Store } from "../../src/store/store.js";
import { DEFAULT_RULES } from "../../src/reports/dora/rows.js";
import { CHANGES } from "./histories/changes.js";
import { FAILURES } from "./histories/failures.js";
import { HOTFIXES } from "./histories/hotfixes.js";
import { PLACES } from "./histories/places.js";
import { STATUSES } from "./histories/statuses.js";
import { lineOf } from "./line.js";
import { computed, emptyMirror, store } from "./mirror.js";
import { REPOSITORY } from "./script.js";
import { World } from "./world.js";

export const HISTORIES = [...CHANGES, ...FAILURES, ...HOTFIXES, ...PLACES, ...STATUSES];

/** Plays each scripted history by its deliveries, then by a read; returns the figures that differ from those counted by hand. */
export async function scriptedDifferences(of: Store): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const { name, services, figures, play } of HISTORIES) {
    const world = new World(REPOSITORY);
    play(world);
    await emptyMirror(of);
    for (const { handler, payload } of world.deliveries) await store(of, handler.read(payload).facts);
    await store(of, world.reads());
    const found = new Map(
      (await computed(of, services)).map((course) => [
        `${course.service} ${course.environment}`.trim().toLowerCase(),
        lineOf(course, DEFAULT_RULES.window),
      ]),
    );
    for (const key of new Set([...found.keys(), ...Object.keys(figures)]))
      if (found.get(key) !== figures[key])
        differences.push(`${name}, ${key}:\n  is  ${found.get(key) ?? "nothing"}\n  not ${figures[key] ?? "nothing"}`);
  }
  return differences;
}
