import { createHash } from "node:crypto";
import { cut, cutBytes } from "../text/cut.js";

/** The hidden markers that identify the App's text at GitHub: the intent and the target. */
export interface Mark {
  readonly intent: string;
  readonly target: string;
  /** The address of the story that explains this text; absent without PUBLIC_URL. */
  readonly storyUrl?: string | null;
}

/** GitHub's limit for the body of a comment, review or issue, in characters. */
export const LONGEST_BODY = 65_536;
const CUT = "\n\n(cut here: the text is too long for GitHub)";

const intentMarker = (intent: string): string => `<!-- companyos:intent=${intent} -->`;
const targetMarker = (target: string): string =>
  `<!-- companyos:target=${createHash("sha256").update(target).digest("hex").slice(0, 32)} -->`;

const ANY_MARKER = "<!-- companyos:";
/**
 * Replaced by hidden text that is not a marker. Deleting only the start of a marker could join the rest into a new one.
 */
const UNDONE = "<!-- companyos :";

/** The body with its hidden markers, cut to GitHub's limit. Markers quoted from other texts are disarmed. */
export function stamp(body: string, mark: Mark): string {
  const story = mark.storyUrl ? `\n\n<sub>[Why the app wrote this](${mark.storyUrl})</sub>` : "";
  const markers = `${story}\n\n${targetMarker(mark.target)}\n${intentMarker(mark.intent)}`;
  return fit(body.replaceAll(ANY_MARKER, UNDONE), LONGEST_BODY - markers.length) + markers;
}

const STORY = /\n\n<sub>\[Why the app wrote this\]\([^)\n]{1,500}\)<\/sub>(?=\n\n<!-- companyos:target=)/;

/** Whether a text at GitHub is still the body that was stamped for this mark; the address of its story may have changed. */
export function isAsStamped(text: string | null | undefined, body: string, mark: Mark): boolean {
  if (!text) return false;
  const now = normal(text).replace(STORY, "");
  const then = normal(stamp(body, { ...mark, storyUrl: null }));
  if (now === then) return true;
  // With the address of a story a long text is cut earlier.
  const [head, tail] = now.split(CUT);
  const [wholeHead = "", wholeTail] = then.split(CUT);
  return head !== undefined && tail !== undefined && tail === wholeTail && wholeHead.startsWith(head);
}

/** GitHub may give line ends back as CRLF. */
function normal(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}

/** The text, cut with a note if it is longer than `longest`. */
export function fit(text: string, longest: number): string {
  return text.length <= longest ? text : cut(text, longest - CUT.length) + CUT;
}

/** The same for a limit in bytes of UTF-8. */
export function fitBytes(text: string, longest: number): string {
  return Buffer.byteLength(text) <= longest ? text : cutBytes(text, longest - CUT.length) + CUT;
}

export function hasIntent(body: string | null | undefined, mark: Mark): boolean {
  return body?.includes(intentMarker(mark.intent)) ?? false;
}

export function hasTarget(body: string | null | undefined, mark: Mark): boolean {
  return body?.includes(targetMarker(mark.target)) ?? false;
}
