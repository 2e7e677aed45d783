import type { Family } from '../../model/test/test.ts';

/** Differences from the default link: one cable, 9000 bytes, both families, metric by its delay. */
interface LinkOptions {
  /** Parallel cables, which share the flows. */
  readonly parallel?: number;
  /** Routing metric inside a network; equal for two routes that share the load. */
  readonly cost?: number;
  readonly mtu?: number;
  /** The exchange point whose LAN connects the two routers. */
  readonly exchange?: string;
  readonly families?: readonly Family[];
}

/** The first network numbers the link. */
export type LinkSpec = readonly [from: string, to: string, options?: LinkOptions];

/** Every link between routers. The sites define the links of hosts. */
export const links: readonly LinkSpec[] = [
  ['eurobeam-lon1', 'eurobeam-ams1'],
  ['eurobeam-lon1', 'eurobeam-ams2'],
  ['eurobeam-lon1', 'eurobeam-par1'],
  ['eurobeam-ams1', 'eurobeam-ham1'],
  ['eurobeam-ams2', 'eurobeam-ham1'],
  ['eurobeam-ams1', 'eurobeam-fra1'],
  ['eurobeam-ams2', 'eurobeam-fra2'],
  ['eurobeam-ham1', 'eurobeam-cph1', { parallel: 2 }],
  ['eurobeam-ham1', 'eurobeam-fra1'],
  ['eurobeam-ham1', 'eurobeam-fra2'],
  ['eurobeam-fra1', 'eurobeam-par1'],
  ['eurobeam-fra2', 'eurobeam-par1'],
  ['eurobeam-fra1', 'eurobeam-gva1'],
  ['eurobeam-fra2', 'eurobeam-gva1'],
  ['eurobeam-gva1', 'eurobeam-par1'],
  ['eurobeam-gva1', 'eurobeam-mil1'],
  ['eurobeam-par1', 'eurobeam-mad1'],

  ['amerilight-nyc1', 'amerilight-was1'],
  ['amerilight-nyc1', 'amerilight-chi1'],
  ['amerilight-nyc1', 'amerilight-chi2'],
  ['amerilight-chi1', 'amerilight-fgo1'],
  ['amerilight-chi2', 'amerilight-fgo1'],
  ['amerilight-fgo1', 'amerilight-sea1'],
  ['amerilight-chi1', 'amerilight-kan1'],
  ['amerilight-kan1', 'amerilight-den1'],
  ['amerilight-den1', 'amerilight-sea1'],
  ['amerilight-den1', 'amerilight-lax1'],
  ['amerilight-lax1', 'amerilight-sea1'],

  ['oceana-par1', 'oceana-lon1'],
  ['oceana-par1', 'oceana-lis1'],
  ['oceana-par1', 'oceana-sin1'],
  ['oceana-lon1', 'oceana-nyc1'],
  ['oceana-lis1', 'oceana-nyc1'],
  ['oceana-nyc1', 'oceana-was1'],
  ['oceana-was1', 'oceana-lax1'],
  ['oceana-lax1', 'oceana-tyo1'],
  ['oceana-sin1', 'oceana-tyo1'],

  ['eurobeam-lon1', 'amerilight-nyc1'],
  ['eurobeam-par1', 'oceana-par1'],
  ['oceana-nyc1', 'amerilight-nyc1'],
  ['oceana-lax1', 'amerilight-lax1'],

  ['nordlys-bgo1', 'nordlys-osl1'],
  ['nordlys-bgo1', 'nordlys-osl2'],
  ['nordlys-osl1', 'nordlys-osl2'],
  ['nordlys-osl1', 'nordlys-sto1'],
  ['nordlys-osl1', 'nordlys-cph1'],
  ['nordlys-osl2', 'nordlys-cph1'],
  ['nordlys-sto1', 'nordlys-cph1'],
  ['nordlys-sto1', 'nordlys-hel1', { parallel: 2 }],
  ['nordlys-cph1', 'eurobeam-cph1', { exchange: 'kattegat-ix' }],

  ['rheinnet-fra1', 'rheinnet-nue1', { cost: 25 }],
  ['rheinnet-fra2', 'rheinnet-nue1', { cost: 25 }],
  ['rheinnet-fra1', 'rheinnet-stu1', { cost: 25 }],
  ['rheinnet-fra2', 'rheinnet-stu1', { cost: 25 }],
  ['rheinnet-nue1', 'rheinnet-muc1', { cost: 25 }],
  ['rheinnet-stu1', 'rheinnet-muc1', { cost: 25 }],
  ['eurobeam-fra1', 'rheinnet-fra1'],
  ['eurobeam-fra2', 'rheinnet-fra2'],

  ['helvia-gva1', 'helvia-zrh1'],
  ['helvia-zrh1', 'helvia-mil1'],
  ['helvia-mil1', 'helvia-bol1', { parallel: 2 }],
  ['eurobeam-gva1', 'helvia-gva1'],
  ['eurobeam-mil1', 'helvia-mil1'],
  ['helvia-zrh1', 'rheinnet-muc1'],

  ['ibernet-mad1', 'ibernet-lis1', { parallel: 2 }],
  ['ibernet-lis1', 'ibernet-lis2'],
  ['eurobeam-mad1', 'ibernet-mad1'],
  ['oceana-lis1', 'ibernet-lis2'],

  ['greatlakes-chi1', 'greatlakes-msn1'],
  ['greatlakes-chi2', 'greatlakes-msn1'],
  ['amerilight-chi1', 'greatlakes-chi1'],
  ['amerilight-chi2', 'greatlakes-chi2'],

  ['cascadia-sea1', 'cascadia-sea2', { parallel: 2 }],
  ['amerilight-sea1', 'cascadia-sea1'],

  ['sakura-tyo1', 'sakura-tyo2'],
  ['sakura-tyo1', 'sakura-nag1'],
  ['sakura-tyo2', 'sakura-nag1'],
  ['sakura-nag1', 'sakura-osa1', { parallel: 2 }],
  ['amerilight-sea1', 'sakura-tyo2'],
  ['oceana-tyo1', 'sakura-tyo1', { exchange: 'fuji-ix', families: [4] }],

  ['nordlys-bgo1', 'fjordvik-bgo1'],
  ['fjordvik-bgo1', 'fjordvik-bgo2'],
  ['nordlys-hel1', 'lumipuro-hel1'],
  ['lumipuro-hel1', 'lumipuro-hel2'],
  ['rheinnet-muc1', 'isarlab-muc1'],
  ['isarlab-muc1', 'isarlab-muc2'],
  ['helvia-gva1', 'calorim-gva1'],
  ['calorim-gva1', 'calorim-gva2', { parallel: 2 }],
  ['helvia-bol1', 'adria-bol1', { mtu: 1500 }],
  ['adria-bol1', 'adria-bol2', { mtu: 1500 }],
  ['ibernet-lis1', 'tejomar-lis1', { mtu: 1500 }],
  ['tejomar-lis1', 'tejomar-lis2', { mtu: 1500 }],
  ['greatlakes-msn1', 'lakewood-msn1'],
  ['lakewood-msn1', 'lakewood-msn2'],
  ['cascadia-sea2', 'tidewater-sea1'],
  ['tidewater-sea1', 'tidewater-sea2'],
  ['sakura-osa1', 'hoshino-osa1'],
  ['hoshino-osa1', 'hoshino-osa2'],
];
