import { GoneError } from "../../errors.js";
import { RepositoryBody } from "../../facts/repository.js";
import { isAboutOne } from "../isolate.js";
import type { Reading, Unit } from "../entity.js";
import { type ListedRepository, listedWhere } from "./listed.js";
import { brokenRows, isGranted, seenFacts } from "./repositories.js";
import { wholeRepository } from "./totals.js";

/**
 * Repositories that were added to the installation, by name, one for each page; each is read completely. The cursor
 * lists the remaining ones, so that any later run can continue.
 */
export const added: Unit = {
  name: "added",
  largestPage: 1,
  adaptive: false,
  stops: "never",
  async read(reading) {
    const [name, ...later] = namesIn(reading.cursor.cursor ?? "");
    const body = name !== undefined && reading.allows(name) ? await repositoryNamed(reading, name) : null;
    const given = body !== null && reading.allows(body.full_name) && (await isGranted(reading, body.id)) ? body : null;
    return {
      facts: given ? seenFacts(reading, [given]) : [],
      found: given ? [...brokenRows(reading, [given]), ...wholeRepository(given.id, reading.cursor.rows)] : [],
      rows: 1,
      total: reading.cursor.rows + 1 + later.length,
      next: later.length > 0 ? later.join(" ") : null,
    };
  },
};

function namesIn(text: string): readonly string[] {
  return text.split(" ").filter((name) => name !== "");
}

/**
 * Null when it no longer exists, or the App cannot access it. A repository that GitHub does not show by name may still
 * be in the installation's list. Then its lists are read, and their failures name the problem.
 */
async function repositoryNamed(reading: Reading, fullName: string): Promise<ListedRepository | null> {
  const [owner = "", repo = ""] = fullName.split("/");
  try {
    const { data } = await reading.client.rest("GET /repos/{owner}/{repo}", { owner, repo });
    return RepositoryBody.parse(data);
  } catch (error) {
    if (error instanceof GoneError) return null;
    if (!isAboutOne(error)) throw error;
    return listedWhere(reading, (listed) => listed.full_name.toLowerCase() === fullName.toLowerCase());
  }
}
