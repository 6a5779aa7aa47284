import type { Clock } from "../../domain.js";
import { postJson } from "../post-json.js";
import type { AlertSink } from "../sink.js";
import { details, headline } from "../words.js";

export interface SlackSinkOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly patienceMs?: number;
}

/** An incoming webhook in the form of Slack, Mattermost, Discord (`/slack`) and others: `{ text }`. */
export function slackSink({ url, clock, patienceMs }: SlackSinkOptions): AlertSink {
  return {
    name: "slack",
    most: 20,
    takesNotices: true,
    async send(notices, signal) {
      const lines = notices.map((notice) =>
        [`*${plain(headline(notice))}*`, ...details(notice).map((line) => `> ${plain(line)}`)].join("\n"),
      );
      const body = JSON.stringify({ text: lines.join("\n\n") });
      await postJson({ url, body, signal, now: clock.now(), ...(patienceMs !== undefined && { patienceMs }) });
    },
  };
}

/** One line without links, mentions or formatting, because titles contain foreign text. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[@*_~`]/g, (mark) => `${mark}\u200b`);
}
