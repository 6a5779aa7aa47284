import type { Log } from "../../log.js";
import type { AlertSink, Notice } from "../sink.js";

/** Writes alerts to the log. Always active. */
export function logSink(log: Log): AlertSink {
  return {
    name: "log",
    most: 100,
    takesNotices: true,
    send(notices) {
      for (const notice of notices) write(log, notice);
      return Promise.resolve();
    },
  };
}

function write(log: Log, { alert, saying }: Notice): void {
  const { id, kind, key, severity, title, detail, remedy, occurrences } = alert;
  const fields = { alert: String(id), kind, key, severity, title, detail, remedy, occurrences, saying };
  const about = { ...fields, installation: alert.installationId === null ? null : String(alert.installationId) };
  if (kind === "notice") log.info(about, "notice");
  else if (saying === "recovered") log.info(about, "alert resolved");
  else if (saying === "lapsed") log.warn(about, "alert lapsed without a fix");
  else if (severity === "critical") log.error(about, "alert");
  else log.warn(about, "alert");
}
