import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import type { JsonObject } from '../../lib/jsonObject.ts';
import { cleanText } from '../../lib/text.ts';
import type { MeshPlan, PlannedHost, PlannedTest } from '../../model/meshPlan.ts';
import type { Problem } from '../../model/problem.ts';
import { expandGroup, type GroupEnd, type GroupMembers } from './groupMembers.ts';
import {
  type GroupEntry,
  readSections,
  type TemplateSections,
  type TraceTest,
} from './templateSections.ts';

/** No mesh has more tests; a template with more is faulty or hostile. */
const maxTests = 200_000;

/** A plan, and the problems of its templates. */
export interface PlanResult {
  readonly plan: MeshPlan;
  readonly problems: readonly Problem[];
}

/** A psConfig template with its location. Its includes are already merged. */
export interface LocatedTemplate {
  readonly location: string;
  readonly document: JsonObject;
}

/** The hosts and tests of the plan so far, by their identity. */
interface PlanTables {
  readonly hosts: Map<string, PlannedHost>;
  readonly tests: Map<string, PlannedTest>;
}

/** A task that runs traces among the members of a group. */
interface TraceTask {
  readonly groupName: string;
  readonly group: GroupEntry;
  readonly test: TraceTest;
}

/** Builds the plan from the trace tasks of psConfig templates. Other tasks are ignored. */
export function buildPlan(templates: readonly LocatedTemplate[]): PlanResult {
  const tables: PlanTables = { hosts: new Map(), tests: new Map() };
  const problems = templates.flatMap((template) => addTemplate(tables, template));
  if (tables.tests.size >= maxTests) {
    const message = `The psConfig templates have more than ${maxTests} tests; pstrace ignores the rest.`;
    problems.push(templateProblem(templates[0]?.location ?? '', message));
  }
  const plan = { hosts: [...tables.hosts.values()], tests: [...tables.tests.values()] };
  return { plan, problems };
}

function addTemplate(tables: PlanTables, { location, document }: LocatedTemplate): Problem[] {
  const { sections, problems } = readSections(document, location);
  const { tasks, undefinedGroups } = traceTasksOf(sections);
  for (const task of tasks) {
    for (const members of expandGroup(task.group, sections)) {
      if (tables.tests.size >= maxTests) break;
      addMembers(tables, members, task, sections);
    }
  }
  const groupProblems = undefinedGroups.map((name) =>
    templateProblem(location, `The task ${JSON.stringify(name)} has an undefined group.`),
  );
  return [...problems, ...groupProblems];
}

/** The enabled trace tasks, and the names of those with an undefined group. */
function traceTasksOf(sections: TemplateSections): {
  readonly tasks: readonly TraceTask[];
  readonly undefinedGroups: readonly string[];
} {
  const tasks: TraceTask[] = [];
  const undefinedGroups: string[] = [];
  for (const [name, task] of sections.tasks) {
    const test = sections.tests.get(task.test);
    const group = sections.groups.get(task.group);
    if (task.disabled || test?.type !== 'trace') continue;
    if (group === undefined) undefinedGroups.push(name);
    else tasks.push({ groupName: task.group, group, test });
  }
  return { tasks, undefinedGroups };
}

function addMembers(
  { hosts, tests }: PlanTables,
  members: GroupMembers,
  { groupName, test }: TraceTask,
  sections: TemplateSections,
): void {
  for (const end of members) {
    const address = addressOf(end.address);
    if (address !== null && !hosts.has(address))
      hosts.set(address, plannedHostOf(end, address, groupName, sections));
  }
  const source = addressOf(fillTemplate(test.spec.source ?? '{% address[0] %}', members));
  const destination = addressOf(fillTemplate(test.spec.dest ?? '', members));
  if (source === null || destination === null) return;
  const family = test.spec['ip-version'] ?? null;
  tests.set(JSON.stringify([source, destination, family]), { source, destination, family });
}

/** An end as tests name it; null if it is neither a host name nor an address. */
function addressOf(text: string): string | null {
  return canonicalAddress(text) ?? canonicalHostName(text);
}

function fillTemplate(text: string, [one, other]: GroupMembers): string {
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
