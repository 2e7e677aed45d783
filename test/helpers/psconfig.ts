import type { JsonObject } from '../../src/lib/jsonObject.ts';
import { buildPlan } from '../../src/sources/psconfig/buildPlan.ts';
import { createFindings } from '../../src/sources/psconfig/templateFindings.ts';

/** A template with one trace task over `group`; `over` replaces whole sections. */
export function traceTemplate(group: object, over: object = {}): object {
  return {
    groups: { g: group },
    tests: {
      t: { type: 'trace', spec: { source: '{% address[0] %}', dest: '{% address[1] %}' } },
    },
    tasks: { x: { group: 'g', test: 't' } },
    ...over,
  };
}

/** The plan of the template `mesh.json`, its tests as `source > destination family`. */
export function planOf(document: object) {
  const { plan, problems, warnings } = buildPlan([
    { document: document as JsonObject, findings: createFindings('mesh.json') },
  ]);
  const pairs = plan.tests.map(({ source, destination, family }) =>
    `${source} > ${destination} ${family ?? ''}`.trim(),
  );
  const messagesOf = (found: typeof problems) =>
    found.map(({ message, detail }) => `${message} ${detail?.reveal() ?? ''}`);
  return { plan, pairs, problems: messagesOf(problems), warnings: messagesOf(warnings) };
}

/** Address selectors by name. */
export function named(...names: string[]): { name: string }[] {
  return names.map((name) => ({ name }));
}
