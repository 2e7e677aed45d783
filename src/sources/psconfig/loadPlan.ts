import { ExpectedError } from '../../lib/errors.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { Log } from '../../lib/log.ts';
import type { Problem } from '../../model/problem.ts';
import { buildPlan, type PlanResult } from './buildPlan.ts';
import { createFindings, quote, type TemplateFindings } from './templateFindings.ts';
import { sectionNames } from './templateSections.ts';
import {
  cachedTemplate,
  fetchTemplate,
  isUrl,
  readTemplate,
  type TemplateOptions,
} from './templates.ts';

/** Most templates of one location, including itself. */
const maxTemplates = 50;

/** A plan, null without any template, with the problems and warnings of its templates. */
export type LoadedPlan = Omit<PlanResult, 'plan'> & { readonly plan: PlanResult['plan'] | null };

/**
 * Loads the plan of all templates at `locations` (URLs or absolute file names) with their includes.
 * A template that cannot be loaded is a problem, and its last good copy replaces it. Unless
 * `online`, only copies and files are used. The plan is null without any template.
 */
export async function loadPlan(
  locations: readonly string[],
  online: boolean,
  options: TemplateOptions,
  log: Log,
): Promise<LoadedPlan> {
  const problems: Problem[] = [];
  const load = (location: string) => loadTemplate(location, online, options, log, problems);
  const templates = await Promise.all(
    locations.map(async (location) => {
      const findings = createFindings(location);
      return { document: await mergeIncludes(location, load, findings), findings };
    }),
  );
  const found = templates.flatMap(({ document, findings }) =>
    document === null ? [] : [{ document, findings }],
  );
  if (found.length === 0) return { plan: null, problems, warnings: [] };
  const read = buildPlan(found);
  return { ...read, problems: [...problems, ...read.problems] };
}

async function loadTemplate(
  location: string,
  online: boolean,
  options: TemplateOptions,
  log: Log,
  problems: Problem[],
): Promise<JsonObject | null> {
  if (isUrl(location) && !online) return cachedTemplate(location, options);
  try {
    log.debug('psConfig template', { location });
    return isUrl(location) ? await fetchTemplate(location, options) : readTemplate(location);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const cached = isUrl(location) ? cachedTemplate(location, options) : null;
    const fallbackText =
      cached === null
        ? 'Without it, names and expected tests are missing.'
        : 'pstrace uses the last good copy.';
    const { message, ...facts } = error.toProblem();
    problems.push({ ...facts, message: `psConfig: ${message} ${fallbackText}` });
    return cached;
  }
}

/** A template with the sections of its includes. The outer entry counts if both have one. */
async function mergeIncludes(
  location: string,
  load: (location: string) => Promise<JsonObject | null>,
  findings: TemplateFindings,
): Promise<JsonObject | null> {
  const outer = await load(location);
  if (outer === null) return null;
  const seen = new Set([location]);
  const pending = includesOf(outer, location, findings);
  const sections = Object.fromEntries(sectionNames.map((name) => [name, jsonObject(outer[name])]));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue;
    if (seen.size >= maxTemplates) {
      findings.addUnread(`only the first ${maxTemplates - 1} includes are read`);
      break;
    }
    seen.add(next);
    const inner = await load(next);
    if (inner === null) continue;
    for (const name of sectionNames) {
      sections[name] = { ...jsonObject(inner[name]), ...sections[name] };
    }
    pending.push(...includesOf(inner, next, findings));
  }
  return sections;
}

/** The URLs of a template's includes. A template can never include a file of this host. */
function includesOf(
  { includes }: JsonObject,
  location: string,
  findings: TemplateFindings,
): string[] {
  const listed = Array.isArray(includes) ? includes : [];
  const base = isUrl(location) ? location : undefined;
  return listed.flatMap((each) => {
    const url = typeof each === 'string' ? URL.parse(each, base) : null;
    if (url !== null && isUrl(url.href)) return [url.href];
    findings.addUnread(`the include ${quote(String(each))} is not an HTTP URL and is not read`);
    return [];
  });
}
