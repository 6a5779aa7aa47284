import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long: begun last, they would run alone at the end, on one core. */
const LONG =
  /\/test\/(?:property|crash\/kill-[a-z-]+|crash\/outage|recovery\/downtime|receive|sync\/faults|sync\/incremental|sync\/kill|sync\/converge|sync\/late|action|cli\/commands|runs\/catch-up)(?:\.int)?\.test\.ts$/;

/** The order in which vitest runs the files: what takes long comes first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
