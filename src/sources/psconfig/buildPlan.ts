import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { MeshPlan, PlannedHost, PlannedTest } from '../../model/meshPlan.ts';
import type { Problem } from '../../model/problem.ts';
import { expandGroup, type GroupEnd, type GroupMembers } from './groupMembers.ts';
import { readSections, type TemplateSections, type TraceTest } from './templateSections.ts';

/** More tests than any mesh has; a template that promises more is a mistake, or meant badly. */
const maxTests = 200_000;

/** A plan, and what was left out of it. */
export interface PlanResult {
  readonly plan: MeshPlan;
  readonly problems: readonly Problem[];
}

/**
 * Reads the trace tasks of psConfig templates: JSON objects whose includes are merged already, with the places they came
 * from. Everything but traces is passed over in silence.
 */
export function buildPlan(
  templates: readonly {
    readonly location: string;
    readonly document: Readonly<Record<string, unknown>>;
  }[],
): PlanResult {
  const hosts = new Map<string, PlannedHost>();
  const tests = new Map<string, PlannedTest>();
  const problems: Problem[] = [];
  for (const { location, document } of templates) {
    const read = readSections(document, location);
    problems.push(...read.problems);
    for (const [name, task] of read.sections.tasks) {
      const test = read.sections.tests.get(task.test);
      const group = read.sections.groups.get(task.group);
      if (task.disabled || test?.type !== 'trace') continue;
      if (group === undefined) {
        problems.push(
          templateProblem(
            location,
            `The task ${JSON.stringify(name)} names no group that is there.`,
          ),
        );
        continue;
      }
      for (const members of expandGroup(group, read.sections)) {
        if (tests.size >= maxTests) break;
        addMembers(members, task.group, test, read.sections);
      }
    }
  }
  if (tests.size >= maxTests) {
    problems.push(
      templateProblem(
        templates[0]?.location ?? '',
        `The psConfig templates promise more than ${maxTests} tests; the rest is left out.`,
      ),
    );
  }
  return { plan: { hosts: [...hosts.values()], tests: [...tests.values()] }, problems };

  function addMembers(
    members: GroupMembers,
    group: string,
    test: TraceTest,
    sections: TemplateSections,
  ): void {
    const [one, other] = members;
    for (const end of members) {
      const address = addressOf(end.address);
      if (address !== null && !hosts.has(address))
        hosts.set(address, plannedHostOf(end, address, group, sections));
    }
    const source = addressOf(fillTemplate(test.spec.source ?? '{% address[0] %}', one, other));
    const destination = addressOf(fillTemplate(test.spec.dest ?? '', one, other));
    if (source === null || destination === null) return;
    const family = test.spec['ip-version'] ?? null;
    tests.set(JSON.stringify([source, destination, family]), { source, destination, family });
  }
}

/** As tests name their ends; null for what is neither a host name nor an address. */
function addressOf(text: string): string | null {
  return canonicalAddress(text) ?? canonicalHostName(text);
}

function fillTemplate(text: string, one: GroupEnd, other: GroupEnd | undefined): string {
  return text
    .replace(/\{%\s*address\[0\]\s*%\}/, one.address)
    .replace(/\{%\s*address\[1\]\s*%\}/, other?.address ?? '');
}

function plannedHostOf(
  { name, entry }: GroupEnd,
  address: string,
  group: string,
  sections: TemplateSections,
): PlannedHost {
  const host = entry.host === undefined ? undefined : sections.hosts.get(entry.host);
  const organization = cleanText(entry._meta.organization) ?? cleanText(host?._meta.organization);
  const displayName =
    cleanText(entry._meta['display-name']) ??
    cleanText(host?._meta['display-name']) ??
    cleanText(name);
  const tag = cleanText(entry.tags[0]) ?? cleanText(host?.tags[0]);
  return {
    address,
    displayName: displayName ?? address,
    organization,
    group: organization ?? tag ?? cleanText(group) ?? '',
  };
}

function templateProblem(subject: string, message: string): Problem {
  return {
    kind: 'invalid-response',
    subject,
    message,
    remedy: 'Check the template with `psconfig validate`.',
  };
}
