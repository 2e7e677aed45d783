import { z } from 'zod';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { TemplateFindings } from './templateFindings.ts';

const meta = z.looseObject({
  'display-name': z.string().optional(),
  organization: z.string().optional(),
});

const flag = z.boolean().default(false);

const labelled = z.looseObject({ address: z.string(), disabled: flag, 'no-agent': flag });
const labels = z.record(z.string(), labelled).default({});

const host = z.looseObject({
  disabled: flag,
  'no-agent': flag,
  tags: z.array(z.string()).default([]),
  _meta: meta.default({}),
});

const address = z.looseObject({
  ...labelled.shape,
  host: z.string().optional(),
  labels,
  'remote-addresses': z
    .record(
      z.string(),
      z.looseObject({ ...labelled.shape, address: z.string().optional(), labels }),
    )
    .default({}),
  tags: z.array(z.string()).default([]),
  _meta: meta.default({}),
});

const addressClass = z.looseObject({
  'data-source': z.looseObject({ type: z.enum(['current-config', 'requesting-agent']) }),
  // Filters nest; createAddressClasses reads them one level at a time.
  'match-filter': z.unknown().optional(),
  'exclude-filter': z.unknown().optional(),
});

const selector = z
  .looseObject({
    name: z.string().optional(),
    class: z.string().optional(),
    label: z.string().optional(),
    disabled: flag,
  })
  .refine(({ name, class: className }) => name !== undefined || className !== undefined, {
    message: 'needs a name or a class',
  });
const selectors = z.array(selector);

const shared = {
  disabled: flag,
  'default-address-label': z.string().optional(),
  'excludes-self': z.enum(['host', 'address', 'disabled']).default('host'),
  excludes: z
    .array(z.looseObject({ 'local-address': selector, 'target-addresses': selectors }))
    .default([]),
};

const group = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('mesh'), addresses: selectors, ...shared }),
  z.looseObject({
    type: z.literal('disjoint'),
    'a-addresses': selectors,
    'b-addresses': selectors,
    unidirectional: flag,
    ...shared,
  }),
  z.looseObject({ type: z.literal('list'), addresses: selectors, ...shared }),
]);

const test = z.looseObject({
  type: z.string(),
  spec: z
    .looseObject({
      source: z.string().optional(),
      'source-node': z.string().optional(),
      dest: z.string().optional(),
      'ip-version': z.union([z.literal(4), z.literal(6)]).optional(),
    })
    .default({}),
});

const task = z.looseObject({
  group: z.string(),
  test: z.string(),
  'scheduled-by': z.int().nonnegative().default(0),
  subtasks: z.array(z.string()).default([]),
  disabled: flag,
});

const subtask = z.looseObject({ test: z.string(), disabled: flag });

/** The schemas of an entry of each section that defines tests. */
const entrySchemas = {
  hosts: host,
  addresses: address,
  'address-classes': addressClass,
  groups: group,
  tests: test,
  tasks: task,
  subtasks: subtask,
};

type Section = keyof typeof entrySchemas;

export const sectionNames = Object.keys(entrySchemas) as readonly Section[];

export type HostEntry = z.output<typeof host>;
export type AddressEntry = z.output<typeof address>;
export type GroupEntry = z.output<typeof group>;
export type AddressSelector = z.output<typeof selector>;
export type TaskEntry = z.output<typeof task>;
export type TraceTest = z.output<typeof test>;

/** The entries of a template by name. */
export type TemplateSections = {
  readonly [Each in Section]: ReadonlyMap<string, z.output<(typeof entrySchemas)[Each]>>;
};

/** Reads the sections of a template. Entries that violate the psConfig schema are omitted. */
export function readSections(document: JsonObject, findings: TemplateFindings): TemplateSections {
  const entries = (section: Section): Map<string, never> => {
    const found = new Map<string, never>();
    for (const [name, value] of Object.entries(jsonObject(document[section]))) {
      const { data, error } = entrySchemas[section].safeParse(value);
      if (data !== undefined) found.set(name, data as never);
      else {
        const { rule, path } = issueOf(error);
        findings.addInvalid(`an entry of ${section} is invalid: ${rule}`, name, path);
      }
    }
    return found;
  };
  return {
    hosts: entries('hosts'),
    addresses: entries('addresses'),
    'address-classes': entries('address-classes'),
    groups: entries('groups'),
    tests: entries('tests'),
    tasks: entries('tasks'),
    subtasks: entries('subtasks'),
  };
}

/** The first issue of an invalid value: the rule that it breaks, and its path in the value. */
export function issueOf({ issues: [issue] }: z.ZodError): { rule: string; path: string } {
  return { rule: issue?.message ?? '', path: issue?.path.join('.') ?? '' };
}
