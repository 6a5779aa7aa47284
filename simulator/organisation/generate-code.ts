import { apply } from "./apply.js";
import type { Organisation } from "./organisation.js";

export function generateDeployments(organisation: Organisation, repository: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const { id: deployment } = apply(organisation, "createDeployment", { repository });
    apply(organisation, "setDeploymentStatus", { deployment, state: "in_progress" });
    apply(organisation, "setDeploymentStatus", { deployment, state: index % 5 === 4 ? "failure" : "success" });
  }
}

export function generateReleases(organisation: Organisation, repository: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    apply(organisation, "createRelease", { repository, tag: `v1.${index}.0`, name: `Version 1.${index}` });
  }
}
