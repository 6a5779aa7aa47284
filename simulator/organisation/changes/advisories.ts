import type { Advisory, Organisation } from "../organisation.js";

/** GitHub's database gets another advisory. No delivery tells of it. */
export function publishAdvisory(organisation: Organisation, advisory: Advisory): Advisory {
  organisation.advisories.push(advisory);
  return advisory;
}
