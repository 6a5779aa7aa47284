import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute or more: begun last, they would run alone at the end, on one core. */
const LONG =
  /\/test\/(?:property|property-guards|crash\/kill-[a-z-]+|crash\/outage|demo|cli\/commands|sync\/faults|sync\/kill)\.test\.ts$/;

/** The order in which vitest runs the files: what takes long comes first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
