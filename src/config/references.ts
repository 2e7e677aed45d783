import type { z } from 'zod';

/** The blocks of a file that have names or refer to them. */
interface NamedBlocks {
  readonly recipient: readonly { readonly name: string; readonly groups: readonly string[] }[];
  readonly group: readonly { readonly name: string }[];
  readonly maintenance: readonly { readonly groups: readonly string[] }[];
  readonly policy: readonly { readonly groups: readonly string[] }[];
}

/** Reports duplicate names and references to groups that do not exist. */
export function checkReferences(blocks: NamedBlocks, context: z.RefinementCtx<unknown>): void {
  const addIssue = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  for (const kind of ['recipient', 'group'] as const) {
    const names = blocks[kind].map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) < index)
        addIssue([kind, index, 'name'], `expected a name that no other [[${kind}]] block has`);
    });
  }
  const known = blocks.group.map(({ name }) => name);
  const knownText = known.length === 0 ? 'the file has none' : `the file has: ${known.join(', ')}`;
  for (const kind of ['recipient', 'maintenance', 'policy'] as const) {
    blocks[kind].forEach(({ groups }, index) => {
      if (groups.some((name) => !known.includes(name)))
        addIssue([kind, index, 'groups'], `expected names of [[group]] blocks (${knownText})`);
    });
  }
}
