import { z } from "zod";
import type { DeliveryRecord } from "../deliveries/record.js";
import { parseJson } from "../../src/unchecked.js";
import { NOT_FOUND, one, type Answer } from "../server/answer.js";
import { bodyOf, numberParam, type Call } from "../server/call.js";
import { linkHeader, linkTo, perPageOf } from "../server/page.js";
import type { Route } from "../server/route.js";
import type { Simulation } from "../simulation.js";

function renderRecord(record: DeliveryRecord) {
  return {
    id: record.id,
    guid: record.guid,
    delivered_at: record.deliveredAt.toISOString(),
    redelivery: record.redelivery,
    duration: Math.round(record.durationMs) / 1000,
    status: record.status,
    status_code: record.statusCode,
    event: record.event,
    action: record.action,
    installation_id: record.installationId,
    repository_id: record.repositoryId,
    throttled_at: null,
  };
}

const Config = z.object({ url: z.string().optional(), secret: z.string().optional() });
const Payload = z.record(z.string(), z.unknown());

function renderConfig({ deliveries }: Simulation) {
  return {
    content_type: "json",
    insecure_ssl: "0",
    secret: "********",
    ...(deliveries.hook.url === null ? {} : { url: deliveries.hook.url }),
  };
}

/** Deliveries from the newest down, by a cursor and not by pages. */
function listDeliveries(call: Call): Answer {
  const { records } = call.simulation.deliveries;
  const size = perPageOf(call);
  const cursor = call.query.get("cursor");
  const below = cursor === null ? Number.POSITIVE_INFINITY : Number(cursor.replace(/^v1_/, ""));
  const status = call.query.get("status");
  const found: DeliveryRecord[] = [];
  let more = false;
  for (let index = records.length - 1; index >= 0; index -= 1) {
    const record = records[index];
    if (record === undefined || record.id >= below) continue;
    if (status !== null && (record.statusCode >= 200 && record.statusCode < 400) !== (status === "success")) continue;
    if (found.length === size) {
      more = true;
      break;
    }
    found.push(record);
  }
  const last = found.at(-1);
  const links = more && last !== undefined ? { next: linkTo(call, { cursor: `v1_${last.id}` }) } : {};
  return { status: 200, headers: linkHeader(links), body: found.map(renderRecord) };
}

/** The App's webhook: its settings, and what was delivered. */
export const hookRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/app/hook/config",
    audience: "app",
    handle: ({ simulation }) => one("webhook-config", renderConfig(simulation)),
  },
  {
    method: "PATCH",
    pattern: "/app/hook/config",
    audience: "app",
    handle: (call) => {
      const { hook } = call.simulation.deliveries;
      const wanted = bodyOf(call, Config);
      hook.url = wanted.url ?? hook.url;
      hook.secret = wanted.secret ?? hook.secret;
      return one("webhook-config", renderConfig(call.simulation));
    },
  },
  { method: "GET", pattern: "/app/hook/deliveries", audience: "app", handle: listDeliveries },
  {
    method: "GET",
    pattern: "/app/hook/deliveries/:id",
    audience: "app",
    handle: (call) => {
      const record = call.simulation.deliveries.find(numberParam(call, "id"));
      if (record === null) return NOT_FOUND;
      return one("hook-delivery", {
        ...renderRecord(record),
        request: { headers: { ...record.headers }, payload: Payload.parse(parseJson(record.body)) },
        response: { headers: {}, payload: record.response },
      });
    },
  },
  {
    method: "POST",
    pattern: "/app/hook/deliveries/:id/attempts",
    audience: "app",
    handle: (call) => {
      const again = call.simulation.deliveries.redeliver(numberParam(call, "id"));
      return again === null ? NOT_FOUND : { status: 202, body: {} };
    },
  },
];
