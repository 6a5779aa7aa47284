import { z } from "zod";
import { GoneError, InvalidError } from "../../errors.js";
import { RepositoryBody } from "../../facts/repository.js";
import { conversationNamed } from "../../store/sync/repositories.js";
import type { Page, Reading, SyncedRepository, Unit } from "../entity.js";
import { conversationComments } from "../read-comments.js";
import { issuesById, pullRequestsById } from "../read-conversations.js";
import { ExcludedError } from "../excluded.js";
import { isGranted, seenFacts } from "./repositories.js";
import { wholeRepository } from "./totals.js";

const Named = z.object({
  number: z.int(),
  node_id: z.string(),
  pull_request: z.object({}).nullish(),
  repository_url: z.string(),
});

/** The subject of a spot sync. */
export const SPOT_SUBJECT = /^([^/#\s]+)\/([^/#\s]+?)(?:#(\d+))?$/;

/** Reads one subject completely, whatever is stored: `owner/name`, or `owner/name#number`. */
export const subject: Unit = {
  name: "subject",
  largestPage: 1,
  adaptive: false,
  stops: "never",
  async read(reading) {
    const [, owner = "", name = "", number] = SPOT_SUBJECT.exec(reading.subject ?? "") ?? [];
    if (name === "") throw new InvalidError(`'${reading.subject}' is neither owner/name nor owner/name#number`);
    wanted(reading, `${owner}/${name}`);
    const body = await repositoryNamed(reading, owner, name);
    // It may have been renamed.
    wanted(reading, body.full_name);
    if (!(await isGranted(reading, body.id))) throw new ExcludedError(`the App has no access to ${body.full_name}`);
    const facts = seenFacts(reading, [body]);
    if (number === undefined) return { facts, found: wholeRepository(body.id, 0), rows: 1, total: 1, next: null };
    const repository = { id: body.id, nodeId: body.node_id ?? "", owner: body.owner.login, name: body.name };
    const page = await conversation(reading, repository, Number(number));
    return { ...page, facts: [...facts, ...page.facts] };
  },
};

async function repositoryNamed({ client }: Reading, owner: string, repo: string) {
  try {
    return RepositoryBody.parse((await client.rest("GET /repos/{owner}/{repo}", { owner, repo })).data);
  } catch (error) {
    if (error instanceof GoneError)
      throw new GoneError(`${owner}/${repo} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

function wanted({ allows }: Reading, repository: string): void {
  if (!allows(repository)) throw new ExcludedError(`${repository} is excluded by the allow or deny list`);
}

async function conversation(reading: Reading, repository: SyncedRepository, number: number): Promise<Page> {
  const known = await issueNamed(reading, repository, number);
  if (!known) return gone(reading, repository, number);
  const repositories = new Map([[repository.id, repository]]);
  const read = known.pull_request
    ? await pullRequestsById(reading, repositories, [known.node_id])
    : { facts: await issuesById(reading, repositories, [known.node_id]), extras: [] };
  const comments = await conversationComments(reading, repository, number);
  return {
    facts: [...read.facts, ...comments.facts],
    extras: read.extras,
    absences: comments.absences,
    rows: 1,
    total: 1,
    next: null,
  };
}

/** GitHub answers a request for a transferred issue from its new repository. */
async function issueNamed({ client }: Reading, { owner, name }: SyncedRepository, number: number) {
  try {
    const { data } = await client.rest("GET /repos/{owner}/{repo}/issues/{issue_number}", {
      owner,
      repo: name,
      issue_number: number,
    });
    const issue = Named.parse(data);
    const home = issue.repository_url.toLowerCase().endsWith(`/${owner}/${name}`.toLowerCase());
    return home && issue.number === number ? issue : null;
  } catch (error) {
    if (error instanceof GoneError) return null;
    throw error;
  }
}

async function gone(reading: Reading, repository: SyncedRepository, number: number): Promise<Page> {
  const stored = await conversationNamed(reading.sql, repository.id, number);
  return {
    facts: [],
    absences: stored.map(({ table, id }) => ({
      table,
      repositoryId: repository.id,
      gone: [{ id, transferredTo: null }],
    })),
    rows: 0,
    total: 0,
    next: null,
  };
}
