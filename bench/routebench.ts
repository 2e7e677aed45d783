import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Responder, Trace } from '../src/model/trace.ts';
import { addChange, closeTest, createIncidents, currentId } from '../src/analysis/detection/incidents.ts';
import { createTestState, step } from '../src/analysis/detection/step.ts';

const dir = process.argv[2] as string;
const out = process.argv[process.argv.indexOf('--out') + 1] as string;
const limit = process.argv.includes('--pair') ? process.argv[process.argv.indexOf('--pair') + 1] : null;
const dbg = process.argv.includes('--debug');
const meta = JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8'));
const alerts: any[] = [];
const changes: any[] = [];
let cpu = 0, parse = 0, n = 0;
for (const m of meta) {
  if (limit && m.pair !== limit) continue;
  const raw = readFileSync(join(dir, m.file));
  const text = (m.file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  let t0 = process.cpuUsage();
  const rows = JSON.parse(text);
  let t1 = process.cpuUsage(t0); parse += t1.user + t1.system;
  const responders = new Map<string, Responder>();
  const traces: [Trace, any][] = [];
  for (const row of rows) traces.push([read(row, m.destination), row]);
  t0 = process.cpuUsage();
  let state = createTestState(m.pair, m.destination);
  for (const [t, row] of traces) {
    t1 = process.cpuUsage(t0);
    learnResponders(row, responders);
    const r = step(state, t, responders);
    state = r.state;
    n++;
    for (const e of r.events) {
      if (e.kind === 'accepted') continue;
      const c = e.change;
      if (c.class === 'same_site') continue;
      if (c.class === 'recovered' && c.closes.some((k) => k === 'rtt_shift' || k === 'loss' || k === 'mtu_drop')) continue;
      changes.push({ change: c, meta: m });
    }
  }
  t1 = process.cpuUsage(t0); cpu += t1.user + t1.system;
}
changes.sort((a, b) => a.change.detectedAt - b.change.detectedAt || (a.change.testId < b.change.testId ? -1 : 1));
const incidents = createIncidents();
for (const { change: c, meta: m } of changes) {
  const id = c.class === 'recovered' || c.class === 'rtt_shift' || c.class === 'loss' || c.class === 'mtu_drop' ? null : addChange(incidents, c, { source: m['input-source'], destination: m['input-destination'] });
  if (c.class === 'recovered') closeTest(incidents, c.testId, c.detectedAt);
  alerts.push({ pair: m.pair, ts: c.detectedAt, kind: c.class, verdict: c.verdict.judgement, ...(id ? { incident: id, el: c.evidence.left } : {}) });
}
for (const a of alerts) if (a.incident) a.incident = currentId(incidents, a.incident);
console.error(`${n} traces, parse ${(parse / n).toFixed(1)} us, step ${(cpu / n).toFixed(1)} us`);
writeFileSync(out, alerts.map((a) => JSON.stringify(a)).join('\n') + '\n');

function learnResponders(row: any, map: Map<string, Responder>): void {
  for (const h of row.val) {
    if (!h.ip) continue;
    const was = map.get(h.ip);
    const hostname = h.hostname ?? was?.hostname ?? null, asn = h.as?.number ?? was?.asn ?? null;
    if (!was || was.hostname !== hostname || was.asn !== asn) map.set(h.ip, { address: h.ip, hostname, asn, asName: null });
  }
}
function read(row: any, destination: string): Trace {
  const hops: any[] = []; const rtt: (number | null)[] = [];
  const by = new Map<number, any[]>();
  let max = 0;
  for (const h of row.val) { const ttl = Number(h.ttl); if (!by.has(ttl)) by.set(ttl, []); by.get(ttl)!.push(h); if (h.ip) max = Math.max(max, ttl); }
  let reached = false, mtu: number | null = null;
  for (let ttl = 1; ttl <= max; ttl++) {
    const addresses: string[] = []; let error: string | null = null; const rr: (number | null)[] = [];
    for (const h of by.get(ttl) ?? []) { if (!h.ip) continue; const e = h['error-message'] ?? null; if (e) error = e; const r = h.rtt === null || h.rtt === undefined ? null : Number(h.rtt); const i = addresses.indexOf(h.ip); if (i < 0) { addresses.push(h.ip); rr.push(r); } else if (r !== null && (rr[i] === null || r < (rr[i] as number))) rr[i] = r; if (h.ip === destination && !e) reached = true; if (h.mtu) mtu = mtu === null ? h.mtu : Math.min(mtu, h.mtu); }
    hops.push({ ttl, addresses, mtu: null, error }); rtt.push(...rr);
  }
  return { startedAt: row.ts, route: { hops, reached, pathMtu: mtu }, rttMs: rtt, probes: null };
}
