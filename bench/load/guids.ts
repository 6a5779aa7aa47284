import { randomBytes } from "node:crypto";

/**
 * GUIDs as GitHub's are: version 1 (RFC 9562), which begins with the low bits of the time in units of 100 ns, so that those
 * of one moment are neighbours in an index.
 */
export function createGuids(): () => string {
  const node = randomBytes(6).toString("hex");
  const sequence = (0x8000 | (randomBytes(2).readUInt16BE() & 0x3fff)).toString(16);
  // Deliberately not since 1582: that many units are more than a number holds exactly.
  let ticks = 0;
  return () => {
    ticks = Math.max(ticks + 1, Math.floor((performance.timeOrigin % 1e11) * 1e4 + performance.now() * 1e4));
    const low = (ticks % 2 ** 32).toString(16).padStart(8, "0");
    const middle = (Math.floor(ticks / 2 ** 32) % 2 ** 16).toString(16).padStart(4, "0");
    return `${low}-${middle}-11f1-${sequence}-${node}`;
  };
}
