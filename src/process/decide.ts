import { ARCHIVED, HANDLED_EVENTS, isHandledEvent } from "../domain.js";
import type { Handler } from "../handlers/handler.js";
import { HANDLERS } from "../handlers/registry.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import type { Tenant } from "../store/tenants/tenant.js";
import type { Envelope } from "./envelope.js";

/** The handler of an event, or why there is none. */
export function handlerOf(name: string): Handler | { readonly reason: string } {
  if (isHandledEvent(name)) return HANDLERS[name];
  return { reason: `not handled: ${name} is not one of the ${HANDLED_EVENTS.length} events that the app handles` };
}

/** The event with its action, as people say it. */
export function eventOf(name: string, { action }: Envelope): string {
  return action === null || action === undefined ? name : `${name}.${action}`;
}

/** Uninstalling is the one thing that an installation still does when it is gone. */
export function isUninstall(name: string, { action }: Envelope): boolean {
  return name === "installation" && action === "deleted";
}

/** Why nothing of a delivery is stored, or null. */
export function ignoredReason(name: string, envelope: Envelope, tenant: Tenant): string | null {
  if (tenant.installationId === null) {
    return "no installation: the delivery does not name one, and its repository is not stored";
  }
  if (tenant.installation === null) return null;
  if (tenant.installation.deleted && !isUninstall(name, envelope)) return "the app was uninstalled";
  if (!envelope.repository) return null;
  return deniedReason(envelope.repository.full_name, tenant.installation);
}

/** Why a delivery's facts are stored and its work is not begun, or null. */
export function idleReason(name: string, envelope: Envelope, handler: Handler, tenant: Tenant): string | null {
  const { action } = envelope;
  if (handler.actions !== null && (!action || !handler.actions.includes(action))) {
    return `not handled: the app does not handle ${name} with the action ${action ?? "(none)"}`;
  }
  // An installation's own deliveries are what ends its suspension.
  if (tenant.installation?.suspended === true && name !== "installation") return "the installation is suspended";
  if (tenant.repositoryGone === "deleted") return "the repository is deleted";
  if (tenant.repositoryGone === "access removed") return "the installation lost access to the repository";
  if (envelope.repository?.archived === true && name !== "repository") return ARCHIVED;
  return null;
}
