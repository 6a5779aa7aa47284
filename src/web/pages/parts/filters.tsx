import type { Child } from "hono/jsx";
import { Icon } from "./basics.js";

/** A form whose fields become the URL, so that filters can be shared and the back button works. */
export function Filters({
  action,
  children,
  active,
  more,
}: {
  action: string;
  children?: Child;
  active: boolean;
  /** Rarely used fields, folded until one of them is set. */
  more?: { readonly fields: Child; readonly open: boolean };
}) {
  return (
    <form class="filters" method="get" action={action}>
      {children}
      {more === undefined ? null : (
        <details class="more" open={more.open}>
          <summary>More filters</summary>
          <div>{more.fields}</div>
        </details>
      )}
      <button>
        <Icon name="search" /> Filter
      </button>
      {active ? (
        <a class="btn quiet" href={action}>
          Clear
        </a>
      ) : null}
    </form>
  );
}

export function TextField({
  name,
  label,
  url,
  hint,
  wide,
  short,
}: {
  name: string;
  label: string;
  url: URL;
  hint?: string;
  wide?: true;
  short?: true;
}) {
  return (
    <label>
      {label}
      <input
        name={name}
        type={wide === true ? "search" : "text"}
        class={short === true ? "short" : ""}
        value={url.searchParams.get(name) ?? ""}
        placeholder={hint ?? ""}
        maxlength={200}
      />
    </label>
  );
}

export function Choice({
  name,
  label,
  url,
  options,
}: {
  name: string;
  label: string;
  url: URL;
  options: readonly (readonly [string, string])[];
}) {
  const chosen = url.searchParams.get(name) ?? "";
  return (
    <label>
      {label}
      <select name={name}>
        {options.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Whether any of the filters is set. */
export function isFiltered(url: URL, names: readonly string[]): boolean {
  return names.some((name) => (url.searchParams.get(name) ?? "") !== "");
}
