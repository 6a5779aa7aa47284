import { bounded, prose } from "../../text/markdown.js";
import type { EffectOf } from "../../effects/effect.js";
import { AppError, GoneError, InvalidError } from "../../errors.js";
import type { EffectWriter } from "../../effects/writer.js";
import { findRepositoryNamed } from "../../store/repositories/find-repository.js";
import type { Sql } from "../../store/store.js";
import type { AlertSink, Notice } from "../sink.js";
import { details, headline } from "../words.js";

export interface IssueSinkOptions {
  /** `owner/name`; the App must be installed there. */
  readonly repository: string;
  readonly sql: Sql;
  writer(installationId: bigint): EffectWriter;
}

/** One issue for each incident in a configured repository: opened, updated, and closed when the incident ends. */
export function issueSink({ repository, sql, writer }: IssueSinkOptions): AlertSink {
  return {
    name: "issue",
    most: 1,
    // Only incidents become issues, because an issue asks a person to act.
    takesNotices: false,
    async send(notices) {
      const found = await findRepositoryNamed(sql, repository);
      if (!found) throw new GoneError(`the App has no access to ${repository}; install it there`);
      const effects = notices.map((notice) => issueOf(notice, found.ref));
      const context = { jobId: null, deliveryGuid: null };
      for (const { status, reason } of await writer(found.installationId).apply(effects, context)) {
        if (status === "blocked") throw new AppError("unknown", `the issue was not written: ${reason ?? status}`);
        if (status === "failed") throw new InvalidError(`GitHub refused the issue: ${reason ?? status}`);
      }
    },
  };
}

/** The ledger keeps one issue for each `incident`; the occasion makes each message a separate write. */
function issueOf(notice: Notice, repository: EffectOf<"issue">["repository"]): EffectOf<"issue"> {
  const { alert, saying, times } = notice;
  return {
    kind: "issue",
    repository,
    occasion: `alert ${alert.id}/${saying}/${times}`,
    reason: headline(notice),
    incident: `alert-${alert.id}`,
    state: saying === "recovered" ? "closed" : "open",
    title: bounded(alert.title.replaceAll("@", "@\u200b"), 200),
    body: bounded([`**${prose(headline(notice))}**`, ...details(notice).map(prose)].join("\n\n")),
    labels: ["companyos-alert"],
  };
}
