/** A deployment of an environment with its statuses, oldest first. */
export interface Deployed {
  readonly id: bigint;
  readonly sha: string;
  readonly environment: string;
  readonly createdAt: Date;
  readonly statuses: readonly { readonly state: string; readonly at: Date }[];
}

/**
 * The result of a deployment: its last status, whatever the order. `inactive` never counts, because GitHub adds it
 * itself when a later deployment succeeds.
 */
export type Result =
  | { readonly state: "succeeded" | "failed"; readonly at: Date }
  | { readonly state: "under-way"; readonly at: Date };

export function resultOf({ statuses, createdAt }: Pick<Deployed, "statuses" | "createdAt">): Result {
  const last = statuses.findLast(({ state }) => state !== "inactive");
  if (last === undefined) return { state: "under-way", at: createdAt };
  const { at } = last;
  if (last.state === "success") return { state: "succeeded", at };
  return { state: last.state === "failure" || last.state === "error" ? "failed" : "under-way", at };
}

/** The running version: the newest successful deployment. Newest first. */
export function running(deployments: readonly Deployed[]): Deployed | null {
  return deployments.find((each) => resultOf(each).state === "succeeded") ?? null;
}

/** The last commit that ran before the one that runs now. Newest first. */
export function before(deployments: readonly Deployed[]): Deployed | null {
  const now = running(deployments);
  if (now === null) return null;
  const older = deployments.slice(deployments.indexOf(now) + 1);
  return older.find((each) => each.sha !== now.sha && resultOf(each).state === "succeeded") ?? null;
}
