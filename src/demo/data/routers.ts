/**
 * The routers of each network, by city and number; `eurobeam` with `ams1` is the router
 * `eurobeam-ams1`. At a site, 1 is the border router and 2 the gateway of the measuring host.
 */
export const routers: Readonly<Record<string, readonly string[]>> = {
  eurobeam: 'lon1 ams1 ams2 ham1 cph1 fra1 fra2 par1 gva1 mil1 mad1'.split(' '),
  amerilight: 'nyc1 was1 chi1 chi2 fgo1 kan1 den1 lax1 sea1'.split(' '),
  oceana: 'par1 lon1 lis1 nyc1 was1 lax1 tyo1 sin1'.split(' '),
  nordlys: 'bgo1 osl1 osl2 sto1 hel1 cph1'.split(' '),
  rheinnet: 'fra1 fra2 nue1 stu1 muc1'.split(' '),
  helvia: 'gva1 zrh1 mil1 bol1'.split(' '),
  ibernet: 'mad1 lis1 lis2'.split(' '),
  greatlakes: 'chi1 chi2 msn1'.split(' '),
  cascadia: 'sea1 sea2'.split(' '),
  sakura: 'tyo1 tyo2 nag1 osa1'.split(' '),
  fjordvik: ['bgo1', 'bgo2'],
  lumipuro: ['hel1', 'hel2'],
  isarlab: ['muc1', 'muc2'],
  calorim: ['gva1', 'gva2'],
  adria: ['bol1', 'bol2'],
  tejomar: ['lis1', 'lis2'],
  lakewood: ['msn1', 'msn2'],
  tidewater: ['sea1', 'sea2'],
  hoshino: ['osa1', 'osa2'],
};

/**
 * Share of the probes to which a router replies: 0 if it is silent, less than 1 if it limits ICMP;
 * else 1.
 */
export const routerAnswers: Readonly<Record<string, number>> = {
  'amerilight-fgo1': 0,
  'eurobeam-mil1': 0,
  'ibernet-mad1': 0,
  'calorim-gva2': 0,
  'rheinnet-stu1': 0.35,
  'greatlakes-msn1': 0.5,
  'sakura-nag1': 0.6,
  'helvia-zrh1': 0.75,
  'tidewater-sea1': 0.8,
  'eurobeam-ham1': 0.9,
};
