import type { Account, Team } from "../../organisation/account.js";
import type { Repository } from "../../organisation/repository.js";
import { nodeId } from "../../render/node-id.js";
import { iso } from "../../render/time.js";
import { connect, connectAll, type Args } from "../connection.js";
import { visible, type Context } from "../context.js";
import { define, ofKind, type Fields } from "../define.js";
import { orderByOf, sorted } from "../order.js";

const common: Fields<Account> = {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  login: (source) => source.login,
  avatarUrl: (source) => `https://avatars.githubusercontent.com/u/${source.id}?v=4`,
  url: (source, _args, { simulation }) => `${simulation.organisation.urls.html}/${source.login}`,
  resourcePath: (source) => `/${source.login}`,
  createdAt: () => iso(1_500_000_000),
  updatedAt: () => iso(1_500_000_000),
};

function repositoriesOf(owner: Account, args: Args, context: Context) {
  const by = orderByOf(args, { field: "CREATED_AT", descending: false });
  const order = {
    key: (each: Repository): number | string =>
      by.field === "NAME"
        ? each.name
        : by.field === "UPDATED_AT"
          ? each.updatedAt
          : by.field === "PUSHED_AT"
            ? (each.pushedAt ?? 0)
            : each.createdAt,
    id: (each: Repository) => each.id,
    descending: by.descending,
  };
  const { isArchived, privacy } = args;
  const found = [...context.simulation.organisation.repositories.values()].filter(
    (each) =>
      each.owner === owner &&
      visible(context, each) &&
      (typeof isArchived !== "boolean" || each.archived === isArchived) &&
      (typeof privacy !== "string" || (privacy === "PUBLIC") === (each.visibility === "public")),
  );
  return connect(sorted(found, order), args, order);
}

const isAccount = ofKind<Account>("account");

export const user = define(isAccount, {
  ...common,
  name: (source) => source.name,
  email: () => "",
  bio: () => null,
  company: () => null,
  isViewer: (source, _args, { caller }) => caller.kind === "user" && caller.token.account === source,
  organizations: (source, args, { simulation }) => {
    const member = [...simulation.organisation.repositories.values()].filter((each) => each.roles.has(source.id));
    return connectAll([...new Set(member.map((each) => each.owner))], args);
  },
  repositories: (source, args, context) => repositoriesOf(source, args, context),
});

export const organization = define(isAccount, {
  ...common,
  name: (source) => source.name,
  description: () => null,
  repositories: (source, args, context) => repositoriesOf(source, args, context),
});

export const actor = define(isAccount, common);

export const team = define(ofKind<Team>("team"), {
  id: (source) => nodeId(source),
  databaseId: (source) => source.id,
  name: (source) => source.name,
  slug: (source) => source.slug,
  combinedSlug: (source, _args, { simulation }) => `${simulation.organisation.main.login}/${source.slug}`,
});
