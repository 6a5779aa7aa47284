import { between, pick } from "../../random.js";
import { prose, sentence, word, type Draw, type Generator } from "./context.js";

const push: Generator = (draw) => {
  const { random } = draw;
  const commits = Array.from({ length: between(random, 1, 4) }, () => ({
    message: sentence(random),
    files: [{ path: `docs/${word(random)}.md`, content: `${prose(random)}\n` }],
  }));
  return { change: "push", input: { ...draw.in, commits, ...(random() < 0.2 ? { truncateAt: 1 } : {}) } };
};

const branch: Generator = (draw) => {
  const name = `topic-${between(draw.random, 1, 1_000_000)}`;
  return { change: "push", input: { ...draw.in, branch: name, commits: [{ message: sentence(draw.random) }] } };
};

const deleteBranch: Generator = (draw) => {
  const { repository } = draw;
  const used = new Set(
    [...repository.pulls.values()].flatMap((pull) => (pull.state === "open" ? [pull.headRef, pull.baseRef] : [])),
  );
  const free = [...repository.branches.keys()].filter((name) => name !== repository.defaultBranch && !used.has(name));
  const found = pick(draw.random, free);
  return found === undefined ? null : { change: "deleteBranch", input: { ...draw.in, branch: found } };
};

const tag: Generator = (draw) => {
  // A tag takes no id of its own, so the number alone could come twice.
  const name = `t${draw.organisation.nextId}-${between(draw.random, 1, 1_000_000)}`;
  return draw.repository.tags.has(name) ? null : { change: "createTag", input: { ...draw.in, tag: name } };
};

const deleteTag: Generator = (draw) => {
  const found = pick(draw.random, [...draw.repository.tags.keys()]);
  return found === undefined ? null : { change: "deleteTag", input: { ...draw.in, tag: found } };
};

const deploy: Generator = (draw) => ({
  change: "createDeployment",
  input: {
    ...draw.in,
    environment: pick(draw.random, ["production", "staging", "preview"]) ?? "production",
    description: prose(draw.random),
  },
});

const status: Generator = (draw) => {
  const deployment = pick(draw.random, [...draw.repository.deployments.values()]);
  if (deployment === undefined) return null;
  const states = ["queued", "in_progress", "success", "failure", "error", "inactive"] as const;
  const state = pick(draw.random, states) ?? "success";
  return {
    change: "setDeploymentStatus",
    input: { by: draw.in.by, deployment: deployment.id, state, description: prose(draw.random) },
  };
};

const release: Generator = (draw) => ({
  change: "createRelease",
  input: {
    ...draw.in,
    tag: `v${draw.organisation.nextId}`,
    name: sentence(draw.random),
    body: prose(draw.random),
    draft: draw.random() < 0.4,
    prerelease: draw.random() < 0.3,
  },
});

function anyRelease({ random, repository }: Draw) {
  return pick(random, [...repository.releases.values()]);
}

const publish: Generator = (draw) => {
  const found = anyRelease(draw);
  if (found === undefined || !found.draft) return null;
  return { change: "publishRelease", input: { by: draw.in.by, release: found.id } };
};

const editRelease: Generator = (draw) => {
  const found = anyRelease(draw);
  if (found === undefined) return null;
  return {
    change: "editRelease",
    input: { by: draw.in.by, release: found.id, name: sentence(draw.random), body: prose(draw.random) },
  };
};

const deleteRelease: Generator = (draw) => {
  const found = anyRelease(draw);
  return found === undefined ? null : { change: "deleteRelease", input: { by: draw.in.by, release: found.id } };
};

export const codeGenerators: readonly Generator[] = [
  push,
  push,
  branch,
  deleteBranch,
  tag,
  deleteTag,
  deploy,
  status,
  status,
  release,
  publish,
  editRelease,
  deleteRelease,
];
