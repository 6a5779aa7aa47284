import { Command, InvalidArgumentError } from "commander";
import { changeLists } from "../jobs/change-lists.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import type { Store } from "../store/store.js";
import { accessibleRepositories } from "../store/repositories/find-repository.js";
import { type RepositoryLists, repositoryLists } from "../store/tenants/repository-lists.js";
import { noInstallation } from "../store/tenants/assert-installation.js";
import { UsageError } from "./failure.js";
import { toId } from "./installations.js";
import { loadConfig, withStore } from "./open.js";
import { recordCommand } from "./record-act.js";

interface Options {
  readonly installation?: bigint;
  readonly remove?: true;
}

/** The allow and deny lists of an installation. */
export function repositoriesCommand(): Command {
  const installation = ["--installation <id>", "the installation; required if there are several", toId] as const;
  const change = (list: "allow" | "deny", description: string): Command =>
    new Command(list)
      .description(description)
      .argument("<patterns...>", "owner/name; * matches any part of either, such as 'acme/secret-*'", toPatterns)
      .option(...installation)
      .option("--remove", "remove the patterns from the list")
      .action(async (patterns: readonly string[], { installation: id, remove }: Options) => {
        await withStore(await loadConfig(), async (store, _url, where) => {
          const before = await oneOf(store, id);
          const wanted = { list, patterns, remove: remove === true };
          const changed = await changeLists(store, before, wanted, new Date());
          if (!changed) return;
          const action = `repositories.${list}${remove === true ? "-end" : ""}`;
          await recordCommand(store.sql, { installationId: before.id, action, target: patterns.join(" ") });
          process.stdout.write(`In ${where}:\n${textOf(changed.lists, await excluded(store, changed.lists))}`);
          if (changed.letIn.length > 0)
            process.stdout.write(
              `A running server syncs the repositories that were added: ${changed.letIn.join(", ")}.\n`,
            );
        });
      });
  return new Command("repositories")
    .description(
      "choose the repositories that the app works on. The deny list wins; an empty allow list allows all repositories",
    )
    .addCommand(
      new Command("list")
        .description("show the patterns, and the repositories that they exclude")
        .option(...installation)
        .action(async ({ installation: id }: Options) => {
          await withStore(await loadConfig(), async (store, _url, where) => {
            const all = id === undefined ? await repositoryLists(store.sql) : [await oneOf(store, id)];
            process.stdout.write(`In ${where}:\n`);
            for (const lists of all) process.stdout.write(textOf(lists, await excluded(store, lists)));
            if (all.length === 0) process.stdout.write("The App is not installed on any organisation yet.\n");
          });
        }),
    )
    .addCommand(change("allow", "add repositories to the allow list; all others are then ignored"))
    .addCommand(
      change(
        "deny",
        "add repositories to the deny list; from now on the app stores nothing about them and does nothing in them",
      ),
    );
}

async function oneOf(store: Store, id: bigint | undefined): Promise<RepositoryLists> {
  const all = await repositoryLists(store.sql);
  const found = id === undefined ? all : all.filter((lists) => lists.id === id);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (id !== undefined) throw noInstallation(id, all);
  const known = all.map((lists) => `${lists.id} (${lists.account_login})`).join(", ") || "none";
  throw new UsageError(`Name one with --installation. Installations: ${known}.`);
}

async function excluded(store: Store, lists: RepositoryLists): Promise<readonly string[]> {
  const repositories = await accessibleRepositories(store.sql, lists.id);
  return repositories.flatMap(({ full_name }) => deniedReason(full_name, lists) ?? []);
}

function textOf(lists: RepositoryLists, denied: readonly string[]): string {
  const { id, account_login, allow_repositories: allow, deny_repositories: deny } = lists;
  return [
    `Installation ${id} of ${account_login}`,
    `  allowed: ${allow.length === 0 ? "all" : allow.join(", ")}`,
    `  denied: ${deny.length === 0 ? "none" : deny.join(", ")}`,
    ...denied.map((reason) => `  excluded: ${reason}`),
    "",
  ].join("\n");
}

function toPatterns(text: string, before: readonly string[] | undefined): readonly string[] {
  if (!/^[\w.*-]+\/[\w.*-]+$/.test(text)) throw new InvalidArgumentError(`'${text}' is not owner/name.`);
  return [...(before ?? []), text];
}
