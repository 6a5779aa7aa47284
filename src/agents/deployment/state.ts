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

/** The running version: the deployment that succeeded last, as GitHub decides it. Newest first. */
export function running(deployments: readonly Deployed[]): Deployed | null {
  return bySuccess(deployments)[0] ?? null;
}

/** The last commit that ran before the one that runs now. Newest first. */
export function before(deployments: readonly Deployed[]): Deployed | null {
  const [now, ...older] = bySuccess(deployments);
  return older.find(({ sha }) => sha !== now?.sha) ?? null;
}

/** A slow deployment that was created first can succeed last. */
function bySuccess(deployments: readonly Deployed[]): readonly Deployed[] {
  return deployments
    .map((deployment) => ({ deployment, result: resultOf(deployment) }))
    .filter(({ result }) => result.state === "succeeded")
    .toSorted((a, b) => b.result.at.getTime() - a.result.at.getTime())
    .map(({ deployment }) => deployment);
}
