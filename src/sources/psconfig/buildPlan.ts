import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import type { JsonObject } from '../../lib/jsonObject.ts';
import { cleanText } from '../../lib/text.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { MeshPlan, PlannedHost, PlannedTest } from '../../model/test/meshPlan.ts';
import { createAddressClasses } from './addressClasses.ts';
import {
  expandGroup,
  type GroupContext,
  type GroupEnd,
  type GroupMembers,
} from './groupMembers.ts';
import type { TemplateFindings } from './templateFindings.ts';
import {
  type GroupEntry,
  readSections,
  type TaskEntry,
  type TemplateSections,
  type TraceTest,
} from './templateSections.ts';
import { fillVariables } from './templateVariables.ts';

/** No mesh has more tests; a template with more is faulty or hostile. */
const maxTests = 200_000;

/** A plan, the faults of its templates, and the parts that pstrace does not read. */
export interface PlanResult {
  readonly plan: MeshPlan;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** A psConfig template with its findings. Its includes are already merged. */
export interface MergedTemplate {
  readonly document: JsonObject;
  readonly findings: TemplateFindings;
}

/** The hosts and tests of the plan so far, by their identity. */
interface PlanTables {
  readonly hosts: Map<string, PlannedHost>;
  readonly tests: Map<string, PlannedTest>;
}

/** A task that runs traces among the members of a group. */
interface TraceTask {
  readonly name: string;
  readonly groupName: string;
  readonly group: GroupEntry;
  readonly testName: string;
  readonly test: TraceTest;
  /** Index of the member that schedules the test. */
  readonly scheduledBy: number;
}

/** Builds the plan from the trace tasks of psConfig templates. Other tasks are ignored. */
export function buildPlan(templates: readonly MergedTemplate[]): PlanResult {
  const tables: PlanTables = { hosts: new Map(), tests: new Map() };
  for (const template of templates) addTemplate(tables, template);
  if (tables.tests.size >= maxTests)
    templates[0]?.findings.addInvalid(
      `the templates have more than ${maxTests} tests; pstrace ignores the rest`,
    );
  return {
    plan: { hosts: [...tables.hosts.values()], tests: [...tables.tests.values()] },
    problems: templates.flatMap(({ findings }) => findings.problems()),
    warnings: templates.flatMap(({ findings }) => findings.warnings()),
  };
}

function addTemplate(tables: PlanTables, { document, findings }: MergedTemplate): void {
  const sections = readSections(document, findings);
  const context = { sections, findings, classes: createAddressClasses(sections, findings) };
  for (const task of traceTasksOf(sections, findings)) {
    for (const members of expandGroup(task.groupName, task.group, context)) {
      if (tables.tests.size >= maxTests) break;
      addHosts(tables, members, task, context);
      addTest(tables, members, task, findings);
    }
  }
}

/** The enabled trace tasks whose group is defined. */
function traceTasksOf(sections: TemplateSections, findings: TemplateFindings): TraceTask[] {
  const tasks: TraceTask[] = [];
  for (const [name, task] of sections.tasks) {
    if (task.disabled) continue;
    if (hasTraceSubtask(task, sections))
      findings.addUnread('the subtasks of a task are not read', name);
    const test = sections.tests.get(task.test);
    const group = sections.groups.get(task.group);
    if (test === undefined) findings.addInvalid('a task has an undefined test', name, task.test);
    if (test?.type !== 'trace') continue;
    if (group === undefined) findings.addInvalid('a task has an undefined group', name, task.group);
    else
      tasks.push({
        name,
        groupName: task.group,
        group,
        testName: task.test,
        test,
        scheduledBy: task['scheduled-by'],
      });
  }
  return tasks;
}

function hasTraceSubtask(task: TaskEntry, { subtasks, tests }: TemplateSections): boolean {
  return task.subtasks.some((name) => {
    const subtask = subtasks.get(name);
    return subtask?.disabled === false && tests.get(subtask.test)?.type === 'trace';
  });
}

function addHosts(
  { hosts }: PlanTables,
  members: GroupMembers,
  { groupName }: TraceTask,
  { sections, findings }: GroupContext,
): void {
  for (const end of members) {
    const address = addressOf(end.address);
    if (address === null)
      findings.addInvalid('an address is neither a host name nor an IP address', end.name);
    else if (!hosts.has(address))
      hosts.set(address, plannedHostOf(end, address, groupName, sections));
  }
}

function addTest(
  { tests }: PlanTables,
  members: GroupMembers,
  task: TraceTask,
  findings: TemplateFindings,
): void {
  const scheduler = schedulerOf(members, task, findings);
  if (scheduler === null) return;
  const { spec } = task.test;
  if (spec.dest === undefined) findings.addInvalid('a test has no dest', task.testName);
  const fill = (template: string) => {
    const filled = fillVariables(template, members, scheduler);
    if ('text' in filled) return addressOf(filled.text);
    findings.addUnread('a test uses a variable that is not read', task.testName, filled.unknown);
    return null;
  };
  const source = fill(spec.source ?? spec['source-node'] ?? '{% scheduled_by_address %}');
  const destination = fill(spec.dest ?? '');
  if (source === null || destination === null) return;
  const family = spec['ip-version'] ?? null;
  tests.set(JSON.stringify([source, destination, family]), { source, destination, family });
}

/**
 * The member whose agent schedules a test: the one that the task names, else the first with an
 * agent. null if none has one: no agent creates the test.
 */
function schedulerOf(
  members: GroupMembers,
  { name, scheduledBy }: TraceTask,
  findings: TemplateFindings,
): GroupEnd | null {
  const named = members[scheduledBy];
  if (named === undefined)
    findings.addInvalid('scheduled-by of a task exceeds the members of its group', name);
  if (named === undefined || named.hasAgent) return named ?? null;
  return members.find(({ hasAgent }) => hasAgent) ?? null;
}

/** An end as tests name it; null if it is neither a host name nor an address. */
function addressOf(text: string): string | null {
  return canonicalAddress(text) ?? canonicalHostName(text);
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
