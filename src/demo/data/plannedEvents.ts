import type { Family } from '../../model/test/test.ts';

/** A kind of event and its subject. Links are named by their two routers, as in the link list. */
export type ScenarioIncident =
  | { readonly kind: 'link-failure'; readonly link: string }
  | { readonly kind: 'reroute'; readonly link: string; readonly cost: number }
  | { readonly kind: 'flap'; readonly link: string }
  | { readonly kind: 'congestion'; readonly link: string; readonly extraMs: number }
  | { readonly kind: 'mtu-drop'; readonly link: string; readonly mtu: number }
  /** The host is off: it is unreachable and runs no tests. */
  | { readonly kind: 'host-down'; readonly host: string }
  /** The host has lost one family: it is unreachable over it, and its own runs fail. */
  | { readonly kind: 'family-down'; readonly host: string; readonly family: Family }
  | { readonly kind: 'source-gap'; readonly host: string }
  | { readonly kind: 'late-results'; readonly host: string }
  | { readonly kind: 'vanished-test'; readonly test: string }
  | { readonly kind: 'new-test'; readonly test: string };

/** An event and its time, in hours before the demo's present. */
export type PlannedEvent = ScenarioIncident & {
  readonly from: number;
  /** null: it is still active. */
  readonly until: number | null;
  /** One sentence for the reader of the demo. */
  readonly text: string;
};

/** The scenario of the demo's two days, oldest first. */
export const plannedEvents: readonly PlannedEvent[] = [
  {
    kind: 'link-failure',
    link: 'eurobeam-lon1 amerilight-nyc1',
    from: 38,
    until: 32,
    text: 'The cable between London and New York is cut; Europe reaches North America through OCEANA until it is repaired.',
  },
  {
    kind: 'source-gap',
    host: 'sea',
    from: 29,
    until: 26.5,
    text: 'The results that Seattle measured in these hours never reached the archive.',
  },
  {
    kind: 'host-down',
    host: 'lis',
    from: 20,
    until: 17,
    text: 'The measuring host in Lisbon is off for three hours; its gateway reports it unreachable.',
  },
  {
    kind: 'vanished-test',
    test: 'msn-osa-v6-traceroute',
    from: 14,
    until: null,
    text: 'The IPv6 test from Madison to Osaka is taken out of the configuration.',
  },
  {
    kind: 'flap',
    link: 'helvia-zrh1 rheinnet-muc1',
    from: 12.5,
    until: 9.5,
    text: 'The peering between Zurich and Munich is unstable; its traffic goes through EUROBEAM at times.',
  },
  {
    kind: 'mtu-drop',
    link: 'greatlakes-msn1 lakewood-msn1',
    mtu: 1500,
    from: 10,
    until: null,
    text: 'After work on the link to Lakewood State University its MTU is 1500 instead of 9000 bytes.',
  },
  {
    kind: 'new-test',
    test: 'muc-osa-v4-tracepath',
    from: 8,
    until: null,
    text: 'A tracepath test from Munich to Osaka is added.',
  },
  {
    kind: 'congestion',
    link: 'oceana-lis1 oceana-nyc1',
    extraMs: 20,
    from: 6,
    until: null,
    text: 'The cable between Lisbon and New York is full: 20 ms of queueing.',
  },
  {
    kind: 'reroute',
    link: 'nordlys-osl1 nordlys-sto1',
    cost: 500,
    from: 4.5,
    until: null,
    text: 'Nordlys takes traffic off its link between Oslo and Stockholm; it goes through Copenhagen.',
  },
  {
    kind: 'late-results',
    host: 'osa',
    from: 3,
    until: 1,
    text: 'Osaka delivers the results of these two hours three hours late.',
  },
  {
    kind: 'family-down',
    host: 'hel',
    family: 6,
    from: 1.4,
    until: null,
    text: 'The measuring host in Helsinki has lost its IPv6 address.',
  },
];
