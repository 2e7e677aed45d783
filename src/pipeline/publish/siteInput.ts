import { createTestNamer } from '../../analysis/window/mesh/displayNames.ts';
import type { Config } from '../../config/load.ts';
import type { MessageCounts } from '../../model/alerting/outbox.ts';
import type { MeshChanges } from '../../model/change/changeRecord.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import { dayOf, daySeconds } from '../../model/values/time.ts';
import type { ChangeListContext } from '../../report/lists/changeLists.ts';
import type { SiteContext } from '../../report/page.ts';
import type { Store } from '../../store/store.ts';
import { maskPlan, type PublicStore } from '../publicStore.ts';
import { meshChanges } from './meshChanges.ts';
import { testsOfGroups } from './testGroups.ts';

/** Input of the site, masked as the configuration asks. */
export interface SiteInput {
  readonly context: SiteContext;
  readonly view: PublicStore;
  /** Orders and names the hosts; null without a psConfig template. */
  readonly plan: MeshPlan | null;
  readonly changes: MeshChanges;
  readonly listContext: ChangeListContext;
  /** Notifications of the day before the window's end; null when there is no recipient. */
  readonly messages: MessageCounts | null;
  /** Pictures of routes go back this far, epoch seconds. */
  readonly picturesSince: number;
  /** Metrics are shown from this UTC day on, counted from the epoch. */
  readonly metricsFromDay: number;
  /** Pages without news are drawn after this long; 0: always. */
  readonly redrawSeconds: number;
}

/** Days of metrics that pages and data files show. */
const metricDays = 30;

type SiteConfig = Pick<
  Config,
  'title' | 'siteUrl' | 'groups' | 'alerts' | 'traceRetentionSeconds' | 'redrawSeconds'
>;

/** Builds the input of the site. */
export function createSiteInput(
  store: Store,
  view: PublicStore,
  config: SiteConfig,
  context: SiteContext,
  plan: MeshPlan | null,
): SiteInput {
  const { mask } = view;
  const { window, viewOf, readAt = window.to } = context;
  const applyMask = <Value>(value: Value) => (mask === null ? value : mask.plain(value));
  const publicPlan = maskPlan(plan, mask);
  const nameTest = createTestNamer(publicPlan);
  const { records, ...rest } = applyMask(meshChanges(store, window, readAt, config));
  const groups = testsOfGroups(store.tests(), config.groups, applyMask);
  return {
    context,
    view,
    plan: publicPlan,
    changes: { ...rest, records: records.map((one) => ({ ...one, test: nameTest(one.test) })) },
    listContext: { title: config.title, siteUrl: config.siteUrl, groups },
    messages: viewOf === undefined ? countMessages(store, config, window.to) : null,
    // A new result may hide more, and a view of the past is drawn once.
    redrawSeconds: mask === null && viewOf === undefined ? config.redrawSeconds : 0,
    metricsFromDay: dayOf(window.to) - metricDays,
    picturesSince: Math.min(window.from, window.to - config.traceRetentionSeconds),
  };
}

function countMessages(
  store: Store,
  { alerts }: Pick<Config, 'alerts'>,
  now: number,
): MessageCounts | null {
  const counts = store.outbox.counts(now - daySeconds);
  const { sent, givenUp, waiting } = counts;
  return alerts === null && sent + givenUp + waiting === 0 ? null : counts;
}
