import { createHash } from "node:crypto";
import type { Clock } from "../../domain.js";
import { postJson } from "../post-json.js";
import { signatureHeaders } from "../sign.js";
import type { AlertSink, Notice } from "../sink.js";

export interface WebhookSinkOptions {
  readonly url: string;
  /** Without a secret the messages are not signed. */
  readonly secret: string | undefined;
  readonly clock: Clock;
  readonly patienceMs?: number;
}

/** JSON for programs: `{ type, timestamp, data: { alerts: [...] } }`, signed as in Standard Webhooks. */
export function webhookSink({ url, secret, clock, patienceMs }: WebhookSinkOptions): AlertSink {
  return {
    name: "webhook",
    most: 50,
    takesNotices: true,
    async send(notices, signal) {
      const now = clock.now();
      const data = { alerts: notices.map(asJson) };
      const body = JSON.stringify({ type: "companyos.alerts", timestamp: now.toISOString(), data });
      const id = idOf(notices);
      const headers = secret === undefined ? { "webhook-id": id } : signatureHeaders({ id, body, secret, now });
      await postJson({ url, body, headers, signal, now, ...(patienceMs !== undefined && { patienceMs }) });
    },
  };
}

/** A repeated message has the same id, so that the receiver can recognise it. */
function idOf(notices: readonly Notice[]): string {
  const parts = notices.map(({ alert, saying, times }) => `${alert.id}/${saying}/${times}`);
  return `msg_${createHash("sha256").update(parts.sort().join("\n")).digest("hex").slice(0, 32)}`;
}

function asJson({ alert, saying }: Notice) {
  return {
    id: String(alert.id),
    event: saying,
    key: alert.key,
    kind: alert.kind,
    severity: alert.severity,
    status: alert.status,
    installation_id: alert.installationId === null ? null : String(alert.installationId),
    title: alert.title,
    detail: alert.detail,
    remedy: alert.remedy,
    occurrences: alert.occurrences,
    opened_at: alert.openedAt.toISOString(),
    last_seen_at: alert.lastSeenAt.toISOString(),
    resolved_at: alert.resolvedAt?.toISOString() ?? null,
    resolved_reason: alert.resolvedReason,
  };
}
