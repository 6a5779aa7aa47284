import { ARCHIVED, HANDLED_EVENTS, isHandledEvent } from "../domain.js";
import type { Handler } from "../handlers/handler.js";
import { HANDLERS } from "../handlers/registry.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import type { Tenant } from "../store/tenants/tenant.js";
import type { Envelope } from "./envelope.js";

/** The handler of an event, or the reason for having none. */
export function handlerOf(name: string): Handler | { readonly reason: string } {
  if (isHandledEvent(name)) return HANDLERS[name];
  return { reason: `not handled: ${name} is not one of the ${HANDLED_EVENTS.length} events that the app handles` };
}

/** The event with its action, such as `issues.opened`. */
export function eventOf(name: string, { action }: Envelope): string {
  return action === null || action === undefined ? name : `${name}.${action}`;
}

/** The only deliveries that are still stored after an uninstallation. */
export function isUninstall(name: string, { action }: Envelope): boolean {
  return name === "installation" && action === "deleted";
}

/** The reason to store nothing of a delivery, or null. */
export function ignoredReason(name: string, envelope: Envelope, tenant: Tenant): string | null {
  if (tenant.installationId === null) {
    return "no installation: the delivery does not name one, and its repository is not stored";
  }
  if (tenant.installation === null) return null;
  if (tenant.installation.deleted && !isUninstall(name, envelope)) return "the app was uninstalled";
  if (!envelope.repository) return null;
  return deniedReason(envelope.repository.full_name, tenant.installation);
}

/** The reason to store a delivery's facts but plan no work, or null. */
export function idleReason(name: string, envelope: Envelope, handler: Handler, tenant: Tenant): string | null {
  const { action } = envelope;
  if (handler.actions !== null && (!action || !handler.actions.includes(action))) {
    return `not handled: the app does not handle ${name} with the action ${action ?? "(none)"}`;
  }
  // A suspended installation still receives deliveries about itself; one of them ends the suspension.
  if (tenant.installation?.suspended === true && name !== "installation") return "the installation is suspended";
  if (tenant.repositoryGone === "deleted") return "the repository is deleted";
  if (tenant.repositoryGone === "access removed") return "the installation lost access to the repository";
  if (envelope.repository?.archived === true && name !== "repository") return ARCHIVED;
  return null;
}
