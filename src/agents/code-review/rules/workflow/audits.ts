import { type Said, say } from "../../../../text/say.js";
import { addedNumbers } from "../../diff/lines.js";
import type { Rule, Severity } from "../rule.js";
import { type Job, type Located, type Step, type Workflow, workflowOf } from "./workflow.js";

interface Spot {
  readonly line: number;
  readonly usedAt?: number | undefined;
  readonly says: Said;
}

interface Audit<Id extends string> {
  readonly id: Id;
  readonly severity: Severity;
  readonly byDefault?: "off";
  readonly why: string;
  spots(workflow: Workflow, path: string): readonly Spot[];
}

/** A rule about workflows that reports a problem on an added line. */
function audit<const Id extends string>({ spots, ...rule }: Audit<Id>): Rule<Id> {
  return {
    ...rule,
    inFile: ({ file }) => {
      const workflow = workflowOf(file);
      const added = addedNumbers(file);
      const seen = new Set<number>();
      return (workflow ? spots(workflow, file.path) : []).flatMap(({ line, usedAt, says }) => {
        const shown = added.has(line) ? line : usedAt;
        if (shown === undefined || !added.has(shown) || seen.has(shown)) return [];
        seen.add(shown);
        return [{ path: file.path, line: shown, says }];
      });
    },
  };
}

const runsFor = ({ triggers }: Workflow, ...events: readonly string[]) =>
  triggers.find(({ value }) => events.includes(value));
const stepsOf = ({ jobs }: Workflow) => jobs.flatMap((job) => job.steps.map((step) => ({ job, step })));

export const workflowUnpinnedImage = audit({
  id: "workflow-unpinned-image",
  severity: "notice",
  byDefault: "off",
  why: "The tag can be moved to another image, which then runs without a commit: pin the digest.",
  spots: ({ jobs }) =>
    jobs.flatMap(({ images }) =>
      images.flatMap(({ value, line, usedAt }) =>
        isUnpinnedImage(value) ? [{ line, usedAt, says: say`The image ${value} is not pinned to a digest.` }] : [],
      ),
    ),
});

/** `node`, `node:latest`, `node:24`; not a Dockerfile beside the action, and not what an expression with a choice gives. */
function isUnpinnedImage(image: string): boolean {
  const name = image.replace(/^docker:\/\//, "");
  return name !== "" && !/@sha256:|Dockerfile$|^\.\.?\/|^\$\{\{.*(?:\|\||&&).*\}\}$/.test(name);
}

export const workflowInheritedSecrets = audit({
  id: "workflow-inherited-secrets",
  severity: "warning",
  byDefault: "off",
  why: "The called workflow gets every secret of this repository, including future ones: pass only the secrets that it needs, by name.",
  spots: ({ jobs }) =>
    jobs.flatMap(({ uses, inheritsSecrets: secrets }) =>
      uses && secrets && !/^(?:\.|\$\/)/.test(uses.value)
        ? [{ line: secrets.line, usedAt: secrets.usedAt, says: say`All secrets are given to ${uses.value}.` }]
        : [],
    ),
});

export const workflowInsecureCommands = audit({
  id: "workflow-insecure-commands",
  severity: "failure",
  why: "Any text that a step prints can set variables and the PATH of later steps: write to `$GITHUB_ENV` and `$GITHUB_PATH`, and remove this.",
  spots: (workflow) =>
    [workflow.env, ...workflow.jobs.map(({ env }) => env), ...workflow.steps.map(({ env }) => env)].flatMap((env) => {
      const allowed = env.get("ACTIONS_ALLOW_UNSECURE_COMMANDS");
      return allowed && /^(?:true|1|yes)$/i.test(allowed.value)
        ? [
            {
              line: allowed.line,
              usedAt: allowed.usedAt,
              says: say`Workflow commands that GitHub disabled are enabled again.`,
            },
          ]
        : [];
    }),
});

const WRITES_ENVIRONMENT =
  /(?:>>?|tee(?:\s+-a)?)\s*["']?\$\{?(?:env:)?(?:GITHUB_ENV|GITHUB_PATH)\b|\$env:GITHUB_(?:ENV|PATH)\b|%GITHUB_(?:ENV|PATH)%/i;

export const workflowEnvironmentFile = audit({
  id: "workflow-environment-file",
  severity: "warning",
  byDefault: "off",
  why: "Text from a pull request in this file can set `LD_PRELOAD` or `PATH` for all later steps, which have the repository's secrets: use a step's output.",
  spots: (workflow, path) => {
    const trigger = runsFor(workflow, "pull_request_target", "workflow_run", "issue_comment", "issues");
    if (!trigger && !/(^|\/)action\.ya?ml$/.test(path)) return [];
    return workflow.steps.flatMap(({ run }) =>
      linesWhere(run, (line) => WRITES_ENVIRONMENT.test(line) && !isConstant(line)).map((line) => ({
        line,
        usedAt: run?.usedAt,
        says: trigger
          ? say`This writes to the environment of later steps under ${trigger.value}.`
          : say`This writes to the environment of later steps of whoever uses the action.`,
      })),
    );
  },
});

/** `echo "A=1" >> $GITHUB_ENV` writes only fixed text. */
function isConstant(line: string): boolean {
  return /^\s*(?:-\s*run:\s*)?(?:echo|printf)\s+(?:"[^"$`%]*"|'[^']*'|[\w=./-]+)\s*(?:>>?|\|)/.test(line);
}

function linesWhere(run: Located | null, test: (line: string) => boolean): readonly number[] {
  const lines = run?.source.split("\n") ?? [];
  return lines.flatMap((text, index) => (run && test(text) ? [run.line + index] : []));
}

const FORK_RUNS = ["pull_request", "pull_request_target", "issue_comment", "pull_request_review"];

export const workflowSelfHostedPullRequest = audit({
  id: "workflow-self-hosted-pull-request",
  severity: "warning",
  byDefault: "off",
  why: "Code of a pull request runs on your own machine, and its changes stay for the next run: use GitHub's runners, or require approval for all outside contributors.",
  spots: (workflow) => {
    const trigger = runsFor(workflow, ...FORK_RUNS);
    return workflow.jobs.flatMap(({ runsOn, runnerGroup }) =>
      [...runsOn.filter(({ value }) => value === "self-hosted"), ...(runnerGroup ? [runnerGroup] : [])].map(
        ({ line, usedAt }) => ({
          line,
          usedAt,
          says: trigger
            ? say`A runner of your own runs this for ${trigger.value}.`
            : say`A runner of your own runs this.`,
        }),
      ),
    );
  },
});

const ACTOR =
  /\bgithub\.(?:actor|triggering_actor)\s*==\s*['"][\w-]*\[bot\]['"]|['"][\w-]*\[bot\]['"]\s*==\s*github\.(?:actor|triggering_actor)\b|\bgithub\.(?:actor_id)\s*==\s*['"]?(?:49699333|29110)\b/;

export const workflowSpoofableActor = audit({
  id: "workflow-spoofable-actor",
  severity: "warning",
  why: "The actor is the account behind the last event, not always the author: anyone can have a bot touch their pull request, so check `github.event.pull_request.user.login`.",
  spots: (workflow) => {
    if (!runsFor(workflow, "pull_request_target", "workflow_run", "issue_comment", "pull_request")) return [];
    const conditions = workflow.jobs.flatMap(({ condition, steps }) => [
      condition,
      ...steps.map((step) => step.condition),
    ]);
    return conditions.flatMap((condition) => {
      // `!(github.actor == …)` only leaves something out: an attacker gains nothing by it.
      if (!condition || !ACTOR.test(condition.value.replaceAll(/!\s*\([^()]*(?:\([^()]*\)[^()]*)*\)/g, ""))) return [];
      const [line = condition.line] = linesWhere(condition, (text) => ACTOR.test(text));
      return [{ line, usedAt: condition.usedAt, says: say`This condition trusts the name of the last actor.` }];
    });
  },
});

export const workflowPersistedCredentials = audit({
  id: "workflow-persisted-credentials",
  severity: "notice",
  byDefault: "off",
  why: "The token stays in `.git/config`, where later steps and uploaded artifacts can read it: set `persist-credentials: false`.",
  spots: (workflow) =>
    stepsOf(workflow).flatMap(({ step }) =>
      step.uses &&
      step.uses.value.startsWith("actions/checkout@") &&
      step.with.get("persist-credentials")?.value !== "false"
        ? [{ line: step.line, usedAt: step.uses.line, says: say`The checkout leaves the token in the working copy.` }]
        : [],
    ),
});

export const workflowDangerousTrigger = audit({
  id: "workflow-dangerous-trigger",
  severity: "notice",
  byDefault: "off",
  why: "It runs with the repository's secrets on input from strangers: use `pull_request`, or keep their code and text out of every step.",
  spots: (workflow) =>
    workflow.steps.length > 0 && workflow.steps.every(({ uses }) => uses?.value.startsWith("actions/labeler@"))
      ? []
      : workflow.triggers
          .filter(({ value }) => value === "pull_request_target" || value === "workflow_run")
          .map(({ value, line, usedAt }) => ({ line, usedAt, says: say`${value} is hard to use safely.` })),
});

const CACHES: readonly { readonly uses: RegExp; readonly on: (step: Step) => boolean }[] = [
  { uses: /^actions\/cache(?:\/restore)?@/, on: ({ with: inputs }) => inputs.get("lookup-only")?.value !== "true" },
  {
    uses: /^actions\/setup-node@/,
    on: ({ with: inputs }) => isOn(inputs.get("cache") ?? inputs.get("package-manager-cache"), true),
  },
  { uses: /^PyO3\/maturin-action@/, on: ({ with: inputs }) => isOn(inputs.get("sccache"), false) },
  {
    uses: /^ramsey\/composer-install@/,
    on: ({ with: inputs }) => !/^(?:true|yes|1)$/i.test(inputs.get("ignore-cache")?.value ?? ""),
  },
  { uses: /^actions\/setup-(?:python|java|dotnet)@/, on: ({ with: inputs }) => isOn(inputs.get("cache"), false) },
  { uses: /^actions\/setup-go@/, on: ({ with: inputs }) => isOn(inputs.get("cache"), true) },
  {
    uses: /^(?:Swatinem\/rust-cache|hynek\/setup-cached-uv|mozilla-actions\/sccache-action|nix-community\/cache-nix-action)@/i,
    on: ({ with: inputs }) => inputs.get("lookup-only")?.value !== "true",
  },
  {
    uses: /^(?:astral-sh\/setup-uv|jdx\/mise-action|actions-rust-lang\/setup-rust-toolchain|docker\/setup-buildx-action)@/,
    on: ({ with: inputs, uses }) =>
      isOn(
        inputs.get("enable-cache") ?? inputs.get("cache") ?? inputs.get("cache-binary"),
        !(uses?.value.startsWith("docker") ?? false),
      ),
  },
  { uses: /^(?:ruby\/setup-ruby)@/, on: ({ with: inputs }) => isOn(inputs.get("bundler-cache"), false) },
  {
    uses: /^(?:pnpm\/action-setup|oven-sh\/setup-bun|gradle\/actions\/setup-gradle)@/,
    on: ({ with: inputs }) => isOn(inputs.get("cache"), false),
  },
];
const PUBLISHES =
  /^(?:pypa\/gh-action-pypi-publish|softprops\/action-gh-release|ncipollo\/release-action|docker\/build-push-action|actions\/upload-release-asset|goreleaser\/goreleaser-action|rubygems\/release-gem|JS-DevTools\/npm-publish|changesets\/action|svenstaro\/upload-release-action|cargo-bins\/release-pr|actions\/deploy-pages|cloudflare\/wrangler-action)@/i;
const PUBLISH_COMMAND =
  /\b(?:npm|pnpm|yarn|cargo|poetry|uv|bun)\s+publish\b|\btwine\s+upload\b|\bgem\s+push\b|\bgh\s+release\s+(?:create|upload)\b|\bdocker\s+push\b/;

function isOn(input: Located | undefined, fallback: boolean): boolean {
  if (!input) return fallback;
  const value = input.value.trim();
  if (value.startsWith("${{")) return /refs\/tags|'tag'/.test(value) && !value.includes("!");
  return !/^(?:false|no|0|)$/i.test(value);
}

export const workflowCachePoisoning = audit({
  id: "workflow-cache-poisoning",
  severity: "warning",
  byDefault: "off",
  why: "Any workflow of the default branch can write this cache, and its content ends up in the release: build releases without a cache.",
  spots: (workflow) => {
    const releases = runsFor(workflow, "release") !== undefined || workflow.onTags;
    return workflow.jobs
      .filter((job) => releases || publishes(job))
      .flatMap(({ steps }) => steps)
      .flatMap((step) => {
        const { uses } = step;
        const restores = uses && CACHES.some((cache) => cache.uses.test(uses.value) && cache.on(step));
        return restores
          ? [{ line: uses.line, usedAt: step.line, says: say`A release is built from a cache here.` }]
          : [];
      });
  },
});

function publishes({ steps }: Job): boolean {
  return steps.some(
    ({ uses, run, with: inputs }) =>
      (PUBLISHES.test(uses?.value ?? "") && inputs.get("push")?.value !== "false") ||
      PUBLISH_COMMAND.test(run?.value ?? ""),
  );
}
