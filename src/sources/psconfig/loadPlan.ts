import { ExpectedError } from '../../lib/errors.ts';
import type { HostRule } from '../../lib/hostRule.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { Log } from '../../lib/log.ts';
import { foreignText } from '../../model/run/foreignText.ts';
import type { Problem } from '../../model/run/problem.ts';
import { buildPlan, type PlanResult } from './buildPlan.ts';
import { createIncludeRules, type IncludeRules } from './includeRules.ts';
import { createFindings, type TemplateFindings } from './templateFindings.ts';
import { sectionNames } from './templateSections.ts';
import {
  createTemplateSource,
  isUrl,
  readTemplate,
  type TemplateOptions,
  type TemplateSource,
} from './templates.ts';

/** Most templates of one location, including itself. */
const maxTemplates = 50;

/** A plan, null without any template, with the problems and warnings of its templates. */
export type LoadedPlan = Omit<PlanResult, 'plan'> & { readonly plan: PlanResult['plan'] | null };

/** How to load templates. */
export interface PlanOptions extends TemplateOptions {
  /** Fetch templates; else only copies and files are used. */
  readonly online: boolean;
  /** Hosts that templates may include in addition to those of the locations. */
  readonly allow: readonly HostRule[];
}

/** The resources of one loading. */
interface Loading {
  readonly online: boolean;
  readonly source: TemplateSource;
  readonly rules: IncludeRules;
  readonly problems: Problem[];
  readonly log: Log;
}

/**
 * Loads the plan of all templates at `locations` (URLs or absolute file names) with their includes.
 * A template that cannot be loaded is a problem, and its last good copy replaces it. The plan is
 * null without any template.
 */
export async function loadPlan(
  locations: readonly string[],
  { online, allow, ...options }: PlanOptions,
  log: Log,
): Promise<LoadedPlan> {
  const rules = createIncludeRules(locations, allow);
  const source = createTemplateSource(options, rules);
  const loading: Loading = { online, source, rules, problems: [], log };
  const templates = await Promise.all(
    locations.map(async (location) => {
      const findings = createFindings(location);
      return { document: await mergeIncludes(location, loading, findings), findings };
    }),
  );
  if (online) source.removeUnusedCopies();
  const { problems } = loading;
  const found = templates.flatMap(({ document, findings }) =>
    document === null ? [] : [{ document, findings }],
  );
  if (found.length === 0) return { plan: null, problems, warnings: [] };
  const read = buildPlan(found);
  return { ...read, problems: [...problems, ...read.problems] };
}

/** Loads the template at `location`, or one that it includes. */
async function loadTemplate(
  location: string,
  included: string | null,
  { online, source, problems, log }: Loading,
): Promise<JsonObject | null> {
  const place = included ?? location;
  if (isUrl(place) && !online) return source.copyOf(place);
  try {
    log.debug('psConfig template', { location: place });
    return isUrl(place) ? await source.fetch(place) : readTemplate(place);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const copy = isUrl(place) ? source.copyOf(place) : null;
    problems.push(loadingProblem(location, included, error, copy !== null));
    return copy;
  }
}

/** Pages name the location of the configuration; an include is a word of its template. */
function loadingProblem(
  location: string,
  included: string | null,
  error: ExpectedError,
  hasCopy: boolean,
): Problem {
  const { kind, message, remedy, detail } = error;
  const what = included === null ? '' : 'an include cannot be read: ';
  const fallbackText = hasCopy
    ? 'pstrace uses the last good copy.'
    : 'Without it, names and expected tests are missing.';
  return {
    kind,
    subject: location,
    message: `psConfig: ${what}${message} ${fallbackText}`,
    remedy,
    detail: included === null ? detail : (detail?.after(included) ?? foreignText(included)),
  };
}

/** A template with the sections of its includes. The outer entry counts if both have one. */
async function mergeIncludes(
  location: string,
  loading: Loading,
  findings: TemplateFindings,
): Promise<JsonObject | null> {
  const outer = await loadTemplate(location, null, loading);
  if (outer === null) return null;
  const seen = new Set([location]);
  const pending = includesOf(outer, location, loading.rules, findings);
  const sections = Object.fromEntries(sectionNames.map((name) => [name, jsonObject(outer[name])]));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue;
    if (seen.size >= maxTemplates) {
      findings.addUnread(`only the first ${maxTemplates - 1} includes are read`);
      break;
    }
    seen.add(next);
    const inner = await loadTemplate(location, next, loading);
    if (inner === null) continue;
    for (const name of sectionNames) {
      sections[name] = { ...jsonObject(inner[name]), ...sections[name] };
    }
    pending.push(...includesOf(inner, next, loading.rules, findings));
  }
  return sections;
}

/** The URLs of a template's includes. A template can never include a file of this host. */
function includesOf(
  { includes }: JsonObject,
  location: string,
  rules: IncludeRules,
  findings: TemplateFindings,
): string[] {
  const listed = Array.isArray(includes) ? includes : [];
  const base = isUrl(location) ? location : undefined;
  return listed.flatMap((each) => {
    const url = typeof each === 'string' ? URL.parse(each, base) : null;
    const rejection =
      url === null || !isUrl(url.href) ? 'is not an HTTP URL' : rules.rejectionOf(url);
    if (url !== null && rejection === null) return [url.href];
    findings.addUnread(`an include ${rejection} and is not read`, String(each));
    return [];
  });
}
