import { ExpectedError } from '../../lib/errors.ts';
import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { Log } from '../../lib/log.ts';
import type { Problem } from '../../model/problem.ts';
import { buildPlan, type PlanResult } from './buildPlan.ts';
import {
  cachedTemplate,
  fetchTemplate,
  isUrl,
  readTemplate,
  type TemplateOptions,
} from './templates.ts';

/** Most templates of one location, including itself. */
const maxIncludes = 50;
const sectionNames = ['hosts', 'addresses', 'groups', 'tests', 'tasks'] as const;

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
): Promise<{ readonly plan: PlanResult['plan'] | null; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const load = (location: string) => loadTemplate(location, online, options, log, problems);
  const templates = await Promise.all(
    locations.map(async (location) => ({
      location,
      document: await mergeIncludes(location, load),
    })),
  );
  const found = templates.flatMap(({ location, document }) =>
    document === null ? [] : [{ location, document }],
  );
  if (found.length === 0) return { plan: null, problems };
  const read = buildPlan(found);
  return { plan: read.plan, problems: [...problems, ...read.problems] };
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
): Promise<JsonObject | null> {
  const outer = await load(location);
  if (outer === null) return null;
  const seen = new Set([location]);
  const pending = includesOf(outer, location);
  const sections = Object.fromEntries(sectionNames.map((name) => [name, jsonObject(outer[name])]));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next) || seen.size >= maxIncludes) continue;
    seen.add(next);
    const inner = await load(next);
    if (inner === null) continue;
    for (const name of sectionNames) {
      sections[name] = { ...jsonObject(inner[name]), ...sections[name] };
    }
    pending.push(...includesOf(inner, next));
  }
  return sections;
}

/** The URLs of a template's includes. A template can never include a file of this host. */
function includesOf({ includes }: JsonObject, location: string): string[] {
  const listed = Array.isArray(includes) ? includes : [];
  const base = isUrl(location) ? location : undefined;
  return listed.flatMap((each) => {
    const url = typeof each === 'string' ? URL.parse(each, base) : null;
    return url !== null && isUrl(url.href) ? [url.href] : [];
  });
}
