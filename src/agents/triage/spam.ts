import type { IssueText } from "./text.js";

const LINK = /https?:\/\/[^\s)>\]]{4,300}/g;
const OFFERS: readonly RegExp[] = [
  /\b(?:casino|betting|jackpot|viagra|cialis|payday loan|crypto(?:currency)? (?:recovery|investment))\b/i,
  /\b(?:buy|cheap|discount(?:ed)?) (?:\w{1,20} ){0,3}(?:followers|backlinks|essays?|watches|pills)\b/i,
  /\b(?:customer (?:care|support|service)|helpline|toll[- ]free) (?:\w{1,20} ){0,3}number\b/i,
  /\b(?:contact|text|message) (?:me|us) on (?:whats ?app|telegram)\b/i,
];
const PHONE = /(?:\+\d{1,3}[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b/;
const MOST_BODY = 20_000;

/**
 * Signs of advertising, each in words for people; one alone can be chance. Signs are put before a person and are no
 * verdict: nothing is closed, hidden or deleted for them.
 */
export function spamSignsOf({ title, body }: IssueText): readonly string[] {
  const text = `${title}\n${body.slice(0, MOST_BODY)}`;
  const links = new Set(text.match(LINK) ?? []).size;
  const words = text.replace(LINK, " ").split(/\s+/).filter(Boolean).length;
  return [
    ...(OFFERS.some((offer) => offer.test(text)) ? ["the words of an offer"] : []),
    ...(PHONE.test(title) ? ["a telephone number in the title"] : []),
    ...(links >= 3 && words < links * 12 ? [`${links} links and ${words} words`] : []),
  ];
}

/** How many signs make an issue likely spam: then triage writes nothing on it. */
const ENOUGH = 2;

export function isLikelySpam(signs: readonly string[]): boolean {
  return signs.length >= ENOUGH;
}
