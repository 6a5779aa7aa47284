import type { Organisation } from "../organisation.js";
import type { Label } from "../conversation.js";
import { renderLabel } from "../../render/conversation.js";
import { emit } from "./emit.js";
import { actor, ChangeRefused, labelNamed, repositoryNamed, touch, type InRepository } from "./find.js";
import { emitConversation } from "./conversations.js";

export interface CreateLabel extends InRepository {
  readonly name: string;
  readonly color?: string;
  readonly description?: string | null;
}

function emitLabel(
  organisation: Organisation,
  input: InRepository,
  action: string,
  label: Label,
  extra: { readonly [key: string]: unknown } = {},
): void {
  const repository = repositoryNamed(organisation, input);
  const body = { label: renderLabel(organisation.urls, repository, label), ...extra };
  emit(organisation, { event: "label", action, repository, sender: actor(organisation, input), body });
}

function existing(organisation: Organisation, input: InRepository & { readonly name: string }): Label {
  const found = repositoryNamed(organisation, input).labels.get(input.name.toLowerCase());
  if (found === undefined) throw new ChangeRefused(404, `no label ${input.name}`);
  return found;
}

export function createLabel(organisation: Organisation, input: CreateLabel): Label {
  const repository = repositoryNamed(organisation, input);
  if (repository.labels.has(input.name.toLowerCase())) throw new ChangeRefused(422, "already_exists");
  const made = labelNamed(organisation, repository, input.name);
  made.color = input.color ?? made.color;
  made.description = input.description ?? null;
  emitLabel(organisation, input, "created", made);
  return made;
}

export interface EditLabel extends CreateLabel {
  readonly newName?: string;
}

/** Renames or recolours a label. GitHub sends `label` only: what carries the label keeps its `updated_at`. */
export function editLabel(organisation: Organisation, input: EditLabel): Label {
  const repository = repositoryNamed(organisation, input);
  const label = existing(organisation, input);
  const changes: { [key: string]: unknown } = {};
  if (input.newName !== undefined && input.newName !== label.name) {
    changes["name"] = { from: label.name };
    repository.labels.delete(label.name.toLowerCase());
    label.name = input.newName;
    repository.labels.set(label.name.toLowerCase(), label);
  }
  if (input.color !== undefined && input.color !== label.color) {
    changes["color"] = { from: label.color };
    label.color = input.color;
  }
  if (input.description !== undefined) label.description = input.description;
  repository.revision += 1;
  emitLabel(organisation, input, "edited", label, { changes });
  return label;
}

/** Deletes a label; what carried it loses it, with an `unlabeled` event each. */
export function deleteLabel(organisation: Organisation, input: InRepository & { readonly name: string }): void {
  const repository = repositoryNamed(organisation, input);
  const label = existing(organisation, input);
  repository.labels.delete(label.name.toLowerCase());
  repository.revision += 1;
  organisation.nodes.delete(label.id);
  for (const on of [...repository.issues.values(), ...repository.pulls.values()]) {
    if (!on.labels.includes(label)) continue;
    on.labels = on.labels.filter((each) => each !== label);
    touch(organisation, on);
    emitConversation(organisation, on, "unlabeled", actor(organisation, input));
  }
  emitLabel(organisation, input, "deleted", label);
}
