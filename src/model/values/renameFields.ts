/** Maps a JSON value of an earlier version to the current one. Unknown content stays as it is. */
export type Upgrade = (value: unknown) => unknown;

/**
 * Renames fields of an object and keeps their order. `names` maps old names to new ones; `values`
 * maps the values of fields, by their old names. Anything but an object stays as it is.
 */
export function renameFields(
  names: Readonly<Record<string, string>>,
  values: Readonly<Record<string, Upgrade>> = {},
): Upgrade {
  const nameOf = new Map(Object.entries(names));
  const upgradeOf = new Map(Object.entries(values));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        nameOf.get(name) ?? name,
        upgradeOf.get(name)?.(field) ?? field,
      ]),
    );
  };
}

/** Upgrades every element of an array. Anything but an array stays as it is. */
export function upgradeEach(upgrade: Upgrade): Upgrade {
  return (value) => (Array.isArray(value) ? value.map(upgrade) : value);
}

/** Replaces texts. Any other value stays as it is. */
export function renameTexts(texts: Readonly<Record<string, string>>): Upgrade {
  const textOf = new Map<unknown, string>(Object.entries(texts));
  return (value) => textOf.get(value) ?? value;
}
