import { minute } from "../../agents/deployment/refusal.js";
import { heldLock } from "../../agents/deployment/held.js";
import { type Lock, type LockScope, sameLogin, sayScope } from "../../agents/deployment/lock.js";
import { type LockRequest, parseLock } from "../../agents/deployment/parse.js";
import { DEPLOYMENTS, type DeploymentSettings, environmentOf } from "../../agents/deployment/settings.js";
import { mayAct } from "../../domain.js";
import { readRole } from "../../github/review/role.js";
import { sectionOf } from "../../settings/section.js";
import { acquireLock, giveUpLock, heldLocks } from "../../store/deployments/locks.js";
import { codeSpan, prose } from "../../text/markdown.js";
import type { Command, CommandCall, CommandEnd } from "../commands/command.js";
import { unavailable } from "./commands.js";
import { askAgain } from "./waiting.js";

const base = { role: "write", on: "both", unavailable } as const satisfies Partial<Command>;
const MINUTE_MS = 60_000;

export const lockCommand: Command = {
  ...base,
  name: "lock",
  usage: "/lock <environment | service | pr> [--take] [2h] [reason]",
  does: "reserves an environment for your deployments; `--take` takes over a lock, as an admin or if its holder left",
  async run(call) {
    const request = parseLock(call.argument, true);
    const scope = scopeOf(call, request.target);
    if (typeof scope === "string") return answered(scope);
    return take(call, scope, request, "manual");
  },
};

export const unlockCommand: Command = {
  ...base,
  name: "unlock",
  usage: "/unlock <environment | service | pr>",
  does: "releases your lock; an admin can release any lock",
  async run(call) {
    const scope = scopeOf(call, parseLock(call.argument, true).target);
    return typeof scope === "string" ? answered(scope) : giveUp(call, scope);
  },
};

export const freezeCommand: Command = {
  ...base,
  name: "freeze",
  usage: "/freeze [2h] [reason], /freeze off",
  does: "stops all deployments in this repository",
  async run(call) {
    const scope = { of: "freeze", repositoryId: call.repository.id } as const;
    const request = parseLock(call.argument, false);
    return request.reason === "off" ? giveUp(call, scope) : take(call, scope, request, "freeze");
  },
};

function settingsOf({ settings }: CommandCall): DeploymentSettings {
  return sectionOf(settings, DEPLOYMENTS);
}

/** The scope that a person names, or a sentence about the mistake in it. */
function scopeOf(call: CommandCall, target: string): LockScope | string {
  const own = settingsOf(call);
  const { id: repositoryId } = call.repository;
  if (target === "pr")
    return call.isPullRequest
      ? { of: "pull_request", repositoryId, number: call.number }
      : "`pr` works on a pull request only.";
  if (target === "service")
    return own.service === null
      ? "The settings name no `deployments.service` for this repository."
      : { of: "service", name: own.service };
  if (environmentOf(own, target) !== null) return { of: "environment", repositoryId, name: target };
  const names = Object.keys(own.environments)
    .sort()
    .map((name) => codeSpan(name));
  const known = names.length === 0 ? "The settings name no environment." : `The environments are ${names.join(", ")}.`;
  return target === "" ? `What is to be locked? ${known}` : `There is no environment ${codeSpan(target)}. ${known}`;
}

async function take(
  call: CommandCall,
  scope: LockScope,
  { minutes, reason, take: takes }: LockRequest,
  kind: "manual" | "freeze",
): Promise<CommandEnd> {
  const { context, by, commentId } = call;
  const now = context.clock.now();
  const own = settingsOf(call);
  const lasts = minutes ?? (kind === "manual" ? own.lockMinutes : null);
  const from = takes ? await takenFrom(call, scope, reason) : null;
  if (from !== null && "problem" in from) return answered(from.problem);
  const taken = await acquireLock(
    context.store,
    { ...onLock(call), scope },
    {
      kind,
      holder: by,
      reason,
      commentId,
      expiresAt: lasts === null ? null : new Date(now.getTime() + lasts * MINUTE_MS),
      deploying: null,
      from: from?.holder ?? null,
    },
    now,
  );
  const of = prose(sayScope(scope));
  if (!taken.taken) return answered(refusalOf(scope, taken.by, call));
  await askAgain(context, { installationId: call.installationId, repositoryId: call.repository.id }, scope);
  const { expiresAt, fence } = taken.lock;
  const until = expiresAt === null ? "until it is released" : `until ${minute(expiresAt)}`;
  const took = from === null ? "" : `, taken from ${codeSpan(from.holder)}`;
  const what = kind === "freeze" ? "Deployments of" : "The lock of";
  const is = kind === "freeze" ? "are frozen" : `is yours`;
  return answered(`${what} ${of} ${is} ${until}${took} (fence ${fence}).`);
}

/** Whose lock may be taken: anyone's for an admin, otherwise the lock of a person who may no longer deploy. */
async function takenFrom(
  { context, installationId, repository, client, role }: CommandCall,
  scope: LockScope,
  reason: string | null,
): Promise<{ readonly holder: string } | { readonly problem: string } | null> {
  const [lock] = (await heldLocks(context.store.sql, installationId, [scope], context.clock.now())).values();
  if (lock === undefined) return null;
  if (reason === null) return { problem: "Taking a lock needs a reason: `/lock <environment> --take <reason>`." };
  const gone = !mayAct(await readRole(client, repository, lock.holder), "write");
  if (role === "admin" || gone) return { holder: lock.holder };
  return { problem: `${codeSpan(lock.holder)} still has write access; only an admin can take the lock.` };
}

function refusalOf(scope: LockScope, lock: Lock, { by }: CommandCall): string {
  const { kind, holder, reason, until, release } = heldLock(scope, lock, { login: by, ours: () => false });
  const what = kind === "deployment" ? "A deployment by" : kind === "freeze" ? "A freeze by" : "The lock of";
  const why = reason === null ? "" : `: ${prose(reason)}`;
  const end = until === null ? "" : ` until ${minute(until)}`;
  return `${what} ${codeSpan(holder)} holds ${prose(sayScope(scope))}${end}${why} (locked; cleared by ${codeSpan(holder)} or an admin, with \`${release}\`).`;
}

async function giveUp(call: CommandCall, scope: LockScope): Promise<CommandEnd> {
  const { context, installationId, by, role } = call;
  const now = context.clock.now();
  const [lock] = (await heldLocks(context.store.sql, installationId, [scope], now)).values();
  const of = prose(sayScope(scope));
  if (lock === undefined) return answered(`Nobody holds ${of}.`);
  if (!sameLogin(lock.holder, by) && role !== "admin")
    return answered(`${codeSpan(lock.holder)} holds ${of}; only ${codeSpan(lock.holder)} or an admin can release it.`);
  await giveUpLock(context.store, { ...onLock(call), scope, fence: lock.fence }, by, now);
  await askAgain(context, { installationId: call.installationId, repositoryId: call.repository.id }, scope);
  return answered(`${scope.of === "freeze" ? "The freeze of" : "The lock of"} ${of} is released.`);
}

function onLock({ installationId, repository }: CommandCall) {
  return { installationId, repository };
}

function answered(markdown: string): CommandEnd {
  return { status: "answered", markdown };
}
