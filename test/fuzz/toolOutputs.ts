/** Output of mtr, traceroute and tracepath in every format, with documentation addresses. */

const hub = (count: number, host: string, best: number) => ({
  ...{ count, host, ASN: `AS${64496 + count}`, 'Loss%': host === '???' ? 100 : 25, Snt: 4 },
  ...{ Last: best + 1, Avg: best + 0.5, Best: best, Wrst: best + 2, StDev: 0.25, Javg: 0.125 },
});

const header = { src: 'probe.example.net', dst: '203.0.113.9', tos: 0, tests: 4, psize: '64' };
const hubs = [
  hub(1, 'gw.example.net (198.51.100.1)', 1.25),
  hub(2, '???', 0),
  hub(3, '198.51.100.3', 3.5),
  hub(4, '203.0.113.9', 7.125),
];

/** The report of `mtr --json` as a fresh value. */
export function mtrReport(): unknown {
  return structuredClone({ report: { mtr: header, hubs } });
}

const row = (count: number, host: string, best: string) =>
  `${String(count).padStart(3)}.|-- ${host.padEnd(27)} 25.0%     4   ${best}   8.2   ${best}   9.9   0.5\n`;

const xmlHub = (
  count: number,
  host: string,
  best: string,
) => `    <HUB COUNT="${count}" HOST="${host}">
        <Loss>  25.0%</Loss>
        <Snt>     4</Snt>
        <Last>   2.0</Last>
        <Avg>   1.5</Avg>
        <Best>${best}</Best>
        <Wrst>   9.0</Wrst>
        <StDev>   0.5</StDev>
    </HUB>
`;

const csvRow = (count: number, host: string, best: string) =>
  `MTR.0.95,1795178400,OK,203.0.113.9,${count},${host},25.00,4,1,3.00,3.00,${best},9.00,0.50\n`;

/** One run in each format, and several in some. */
export const toolOutputs: readonly string[] = [
  `${JSON.stringify(mtrReport(), null, 4)}\n`,
  `${JSON.stringify(mtrReport())}\n${JSON.stringify(mtrReport())}\n`,
  `Start: 2026-11-20T13:40:00+0100
HOST: probe.example.net           Loss%   Snt   Last   Avg  Best  Wrst StDev
${row(1, '198.51.100.1', '1.1')}${row(2, '???', '0.0')}${row(3, '203.0.113.9', '7.1')}`,
  `<?xml version="1.0"?>
<MTR SRC="probe.example.net" DST="203.0.113.9" TOS="0x0" PSIZE="1400" BITPATTERN="0x00" TESTS="4">
${xmlHub(1, '198.51.100.1', '   1.0')}${xmlHub(2, '???', '   0.0')}${xmlHub(3, '203.0.113.9', '   7.0')}</MTR>
`,
  `Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,
${csvRow(1, '198.51.100.1', '1.10')}${csvRow(2, '???', '0.00')}${csvRow(3, '203.0.113.9', '7.20')}`,
  'x 0 33000\nh 0 198.51.100.1\nh 0 198.51.100.1\np 0 1000 33000\nx 1 33001\nx 2 33002\nh 2 203.0.113.9\np 2 7000 33002\nd 0 gw.example.net\n',
  `traceroute to ps.example.org (203.0.113.9), 30 hops max, 60 byte packets
 1  gw.example.net (198.51.100.1) [AS64500]  0.500 ms  0.400 ms *
 2  * * *
 3  198.51.100.2 (198.51.100.2) [*]  2.000 ms r3.example.net (198.51.100.3)  2.100 ms !H  2.300 ms
 4  ps.example.org (203.0.113.9)  3.000 ms  3.100 ms  3.200 ms
`,
  ` 1?: [LOCALHOST]                      pmtu 1500
 1:  gw.example.net (198.51.100.1)                         0.042ms asymm  2
 1:  gw.example.net (198.51.100.1)                         0.009ms
 2:  no reply
 3:  198.51.100.3                                          0.070ms pmtu 1400
 4:  ps.example.org (203.0.113.9)                          0.020ms reached
     Resume: pmtu 1400 hops 4 back 4
`,
  `Fri Nov 20 13:40:00 UTC 2026
 1  [AS64500] gw (198.51.100.1)  0.500 ms  0.400 ms *
 2  198.51.100.2 (198.51.100.2)  2.000 ms (0% loss)
    203.0.113.9  2.100 ms !P
`,
  `traceroute to ps.example.org (203.0.113.9), 64 hops max
  1   fe80::7%eth0 (fe80::7%eth0)  0.676ms  *
     MPLS Label=16001 CoS=0 TTL=1 S=1
  2   203.0.113.9 (ps.example.org)  3.384ms  8.001ms
`,
  ` 1?: [LOCALHOST]                      pmtu 1500
 1:  keine Antwort
 2?: 198.51.100.2                      asym.  3
 1:  198.51.100.1 (gw.example.net)     0.563ms
 3?: reply received 8)
     Fazit: pmtu 1500
`,
  `<MTR SRC=probe DST=203.0.113.9 TOS=0x0 PSIZE=64 BITPATTERN=0x00 TESTS=4>
    <HUB COUNT=1 HOST=gw.example.net (198.51.100.1)>
        <Loss%>  25.0%</Loss%>
        < > </ >
        <Best>   1.0</Best>
    </HUB>
</MTR>
`,
];
