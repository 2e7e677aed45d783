import { z } from 'zod';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { Problem } from '../../model/problem.ts';

const meta = z.looseObject({
  'display-name': z.string().optional(),
  organization: z.string().optional(),
});

const flag = z.boolean().default(false);

const labelled = z.looseObject({ address: z.string(), disabled: flag });
const labels = z.record(z.string(), labelled).default({});

const host = z.looseObject({
  disabled: flag,
  tags: z.array(z.string()).default([]),
  _meta: meta.default({}),
});

const address = z.looseObject({
  ...labelled.shape,
  host: z.string().optional(),
  labels,
  'remote-addresses': z
    .record(z.string(), z.looseObject({ ...labelled.shape, labels }))
    .default({}),
  tags: z.array(z.string()).default([]),
  _meta: meta.default({}),
});

const selector = z.looseObject({
  name: z.string().optional(),
  class: z.string().optional(),
  label: z.string().optional(),
  disabled: flag,
});
const selectors = z.array(selector);

const shared = {
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
      dest: z.string().optional(),
      'ip-version': z.union([z.literal(4), z.literal(6)]).optional(),
    })
    .default({}),
});

const task = z.looseObject({ group: z.string(), test: z.string(), disabled: flag });

/** The schemas of an entry of each section that defines tests. */
const entrySchemas = { hosts: host, addresses: address, groups: group, tests: test, tasks: task };

type Section = keyof typeof entrySchemas;

export type AddressEntry = z.output<typeof address>;
export type GroupEntry = z.output<typeof group>;
export type AddressSelector = z.output<typeof selector>;
export type TraceTest = z.output<typeof test>;

/** The entries of a template by name. */
export type TemplateSections = {
  readonly [Each in Section]: ReadonlyMap<string, z.output<(typeof entrySchemas)[Each]>>;
};

/**
 * Reads the sections of a template. Entries that violate the psConfig schema are omitted and become
 * problems of `subject`, the location of the template.
 */
export function readSections(
  document: JsonObject,
  subject: string,
): { readonly sections: TemplateSections; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const entries = (section: Section): Map<string, never> => {
    const found = new Map<string, never>();
    for (const [name, value] of Object.entries(jsonObject(document[section]))) {
      const { data, error } = entrySchemas[section].safeParse(value);
      if (data !== undefined) found.set(name, data as never);
      else problems.push(omittedEntryProblem(subject, `${section} ${JSON.stringify(name)}`, error));
    }
    return found;
  };
  const sections: TemplateSections = {
    hosts: entries('hosts'),
    addresses: entries('addresses'),
    groups: entries('groups'),
    tests: entries('tests'),
    tasks: entries('tasks'),
  };
  return { sections, problems };
}

function omittedEntryProblem(subject: string, entry: string, error: z.ZodError): Problem {
  const [issue] = error.issues;
  const where = issue?.path.join('.') ?? '';
  const what = [where, issue?.message].filter(Boolean).join(': ');
  return {
    kind: 'invalid-response',
    subject,
    message: `Ignored an invalid entry of the psConfig template: ${entry}: ${what}.`,
    remedy: 'Check the template with `psconfig validate`.',
  };
}
