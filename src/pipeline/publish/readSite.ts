import type { Config } from '../../config/load.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import type { SiteContext } from '../../report/page.ts';
import type { Store } from '../../store/store.ts';
import { planAsOf } from '../planHistory.ts';
import { publicStore } from '../publicStore.ts';
import { storeAsOf } from './pastStore.ts';
import { createSiteInput, type SiteInput } from './siteInput.ts';

/**
 * Reads the input of the site from the store, as it was if `context` shows the past. Throws an
 * `ExpectedError` when the key of the mask cannot be read or created.
 */
export function readSite(
  store: Store,
  config: Config,
  context: SiteContext,
  plan: MeshPlan | null,
): SiteInput {
  const { viewOf } = context;
  if (viewOf === undefined)
    return createSiteInput(store, publicStore(store, config), config, context, plan);
  const known = storeAsOf(store, viewOf);
  const knownPlan = planAsOf(store, viewOf, plan);
  return createSiteInput(known, publicStore(known, config), config, context, knownPlan);
}
