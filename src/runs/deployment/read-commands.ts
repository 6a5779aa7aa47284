import { type GateFacts, gates } from "../../agents/deployment/gates.js";
import { minute, type Refusal, sayRefusal } from "../../agents/deployment/refusal.js";
import { DEPLOYMENTS } from "../../agents/deployment/settings.js";
import { type Deployed, resultOf } from "../../agents/deployment/state.js";
import { comparedCommits } from "../../github/deployments/compared.js";
import { sectionOf } from "../../settings/section.js";
import { deploymentsOf, environmentsOf } from "../../store/deployments/history.js";
import { findRepository, type KnownRepository } from "../../store/repositories/find-repository.js";
import { codeSpan, prose } from "../../text/markdown.js";
import type { Command, CommandCall, CommandEnd } from "../commands/command.js";
import { unavailable } from "./commands.js";
import { gatherFacts, type Gathering, locksFor } from "./gather.js";
import { resolveTarget, type Target } from "./target.js";

const base = { role: "read", on: "both", unavailable } as const satisfies Partial<Command>;
const SHOWN = 5;
const HISTORY = 50;
/** How many deployments back it is looked for when a change went live. */
const MOST_COMPARED = 5;

export const deploysCommand: Command = {
  ...base,
  name: "deploys",
  usage: "/deploys [environment]",
  does: "shows the latest deployment of each environment, and the locks",
  async run(call) {
    const given = await gatheringOf(call);
    if (given === null) return answered("The repository is no longer stored.");
    const names = await environmentNames(given, call.argument);
    if (names.length === 0) return answered("Nothing is known of an environment of that name.");
    const parts = [];
    for (const name of names) parts.push(await listOf(given, name, call.by));
    return answered(parts.join("\n\n"));
  },
};

export const whyCommand: Command = {
  ...base,
  name: "why",
  usage: "/why [environment]",
  does: "shows where and since when this change is live, or what blocks its deployment",
  async run(call) {
    const given = await gatheringOf(call);
    if (given === null) return answered("The repository is no longer stored.");
    const { number, isPullRequest, commentId, context, client } = call;
    const wish = { repository: given.repository, number, isPullRequest, commentId, commit: null };
    const target = await resolveTarget(wish, { sql: given.sql, client, github: () => context.github() });
    if ("code" in target) return answered(prose(sayRefusal(target)));
    const names = await environmentNames(given, call.argument);
    if (names.length === 0) return answered("The settings name no environment.");
    const parts = [];
    for (const name of names) parts.push(await reasonsFor(given, name, target, call));
    return answered(parts.join("\n\n"));
  },
};

async function gatheringOf({ context, client, repository, settings }: CommandCall): Promise<Gathering | null> {
  const { store } = context;
  const { sql } = store;
  const known = await findRepository(sql, Number(repository.id));
  const own = sectionOf(settings, DEPLOYMENTS);
  return known && { store, sql, client, repository: known, settings: own, now: context.clock.now() };
}

/** The one that is named, else those of the settings, else all that were ever deployed to. */
async function environmentNames(
  { sql, repository, settings }: Gathering,
  argument: string,
): Promise<readonly string[]> {
  const configured = Object.keys(settings.environments);
  const all = [...new Set([...configured, ...(await environmentsOf(sql, scopeOf(repository)))])];
  if (argument !== "") return all.filter((name) => name === argument);
  return configured.length > 0 ? configured : all;
}

async function listOf(given: Gathering, environment: string, login: string): Promise<string> {
  const deployments = await deploymentsOf(given.sql, scopeOf(given.repository), environment, SHOWN);
  const locks = await locksFor(given, environment, [], { login, ours: () => false });
  const lines = [
    ...locks.map(({ holder, of, until, reason }) => {
      const why = reason === null ? "" : `: ${prose(reason)}`;
      return `- held by ${codeSpan(holder)} (${prose(of)})${until === null ? "" : ` until ${minute(until)}`}${why}`;
    }),
    ...deployments.map((each) => `- \`${each.sha.slice(0, 7)}\` ${sayResult(each)} (deployment ${each.id})`),
  ];
  return [`${codeSpan(environment)}:`, lines.length === 0 ? "- nothing was deployed yet" : lines.join("\n")].join(
    "\n\n",
  );
}

function sayResult(deployed: Deployed): string {
  const { state, at } = resultOf(deployed);
  return `${state === "under-way" ? "is under way since" : state} ${minute(at)}`;
}

async function reasonsFor(given: Gathering, environment: string, target: Target, call: CommandCall): Promise<string> {
  const name = codeSpan(environment);
  const change = `\`${target.sha.slice(0, 7)}\``;
  const since = await liveSince(given, environment, target.sha);
  if (since !== null)
    return `${change} is live in ${name} since ${minute(since.at)} (deployment ${since.deployment.id}).`;
  const question = { environment, login: call.by, role: call.role, missingPermission: null, ours: () => false };
  const facts: GateFacts = await gatherFacts(given, { ...question, ...target });
  const refusals = gates(facts, given.settings);
  if (refusals.length === 0) return `${change} is not live in ${name}. Every gate is open: \`/deploy ${environment}\`.`;
  return [`${change} is not live in ${name}:`, refusals.map(lineOf).join("\n")].join("\n\n");
}

function lineOf({ code, sentence, clearedBy }: Refusal): string {
  return `- \`${code}\`: ${prose(sentence)} Cleared by ${prose(clearedBy)}.`;
}

interface Live {
  readonly deployment: Deployed;
  readonly at: Date;
}

/** The oldest of the latest successful deployments that have the change, one after the other; null: it does not run. */
async function liveSince(
  { sql, client, repository }: Gathering,
  environment: string,
  sha: string,
): Promise<Live | null> {
  const deployments = await deploymentsOf(sql, scopeOf(repository), environment, HISTORY);
  let live: Live | null = null;
  for (const deployment of deployments.filter((each) => resultOf(each).state === "succeeded").slice(0, MOST_COMPARED)) {
    const compared = deployment.sha === sha ? null : await comparedCommits(client, repository.ref, sha, deployment.sha);
    if (deployment.sha !== sha && compared?.status !== "ahead") break;
    live = { deployment, at: resultOf(deployment).at };
  }
  return live;
}

function scopeOf({ installationId, ref }: KnownRepository) {
  return { installationId, repositoryId: ref.id };
}

function answered(markdown: string): CommandEnd {
  return { status: "answered", markdown };
}
