import { Command, InvalidArgumentError } from "commander";
import { InvalidError } from "../errors.js";
import { changeLists } from "../jobs/change-lists.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import type { Store } from "../store/store.js";
import { accessibleRepositories } from "../store/repositories/find-repository.js";
import { type RepositoryLists, repositoryLists } from "../store/tenants/repository-lists.js";
import { noInstallation } from "../store/tenants/assert-installation.js";
import { toId } from "./installation-id.js";
import { loadConfig, withStore } from "./open.js";

interface Options {
  readonly installation?: bigint;
  readonly remove?: true;
}

/** Which repositories an organisation lets the app work on. */
export function repositoriesCommand(): Command {
  const installation = ["--installation <id>", "of which; not needed where there is one", toId] as const;
  const change = (list: "allow" | "deny", description: string): Command =>
    new Command(list)
      .description(description)
      .argument(
        "<patterns...>",
        "owner/name, where * stands for any part of either, such as 'acme/secret-*'",
        toPatterns,
      )
      .option(...installation)
      .option("--remove", "take the patterns off the list")
      .action(async (patterns: readonly string[], { installation: id, remove }: Options) => {
        await withStore(await loadConfig(), async (store) => {
          const before = await oneOf(store, id);
          const wanted = { list, patterns, remove: remove === true };
          const changed = await changeLists(store, before, wanted, new Date());
          if (!changed) return;
          process.stdout.write(textOf(changed.lists, await leftAlone(store, changed.lists)));
          if (changed.letIn.length > 0)
            process.stdout.write(`A running server reads what it works on again: ${changed.letIn.join(", ")}.\n`);
        });
      });
  return new Command("repositories")
    .description("tell or choose which repositories the app works on; deny goes before allow, no allowed one means all")
    .addCommand(
      new Command("list")
        .description("tell the patterns, and which repositories are left alone")
        .option(...installation)
        .action(async ({ installation: id }: Options) => {
          await withStore(await loadConfig(), async (store) => {
            const all = id === undefined ? await repositoryLists(store.sql) : [await oneOf(store, id)];
            for (const lists of all) process.stdout.write(textOf(lists, await leftAlone(store, lists)));
            if (all.length === 0) process.stdout.write("The app is installed nowhere yet.\n");
          });
        }),
    )
    .addCommand(change("allow", "work on these, and on no others that are not allowed as well"))
    .addCommand(change("deny", "leave these alone: nothing of them is stored or done from now on"));
}

async function oneOf(store: Store, id: bigint | undefined): Promise<RepositoryLists> {
  const all = await repositoryLists(store.sql);
  const found = id === undefined ? all : all.filter((lists) => lists.id === id);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (id !== undefined) throw noInstallation(id, all);
  const known = all.map((lists) => `${lists.id} (${lists.account_login})`).join(", ") || "none";
  throw new InvalidError(`say which with --installation: ${known}`);
}

async function leftAlone(store: Store, lists: RepositoryLists): Promise<readonly string[]> {
  const repositories = await accessibleRepositories(store.sql, lists.id);
  return repositories.flatMap(({ full_name }) => deniedReason(full_name, lists) ?? []);
}

function textOf(lists: RepositoryLists, alone: readonly string[]): string {
  const { id, account_login, allow_repositories: allow, deny_repositories: deny } = lists;
  return [
    `Installation ${id} of ${account_login}`,
    `  allowed: ${allow.length === 0 ? "all" : allow.join(", ")}`,
    `  denied: ${deny.length === 0 ? "none" : deny.join(", ")}`,
    ...alone.map((reason) => `  left alone: ${reason}`),
    "",
  ].join("\n");
}

function toPatterns(text: string, before: readonly string[] | undefined): readonly string[] {
  if (!/^[\w.*-]+\/[\w.*-]+$/.test(text)) throw new InvalidArgumentError(`'${text}' is not owner/name.`);
  return [...(before ?? []), text];
}
