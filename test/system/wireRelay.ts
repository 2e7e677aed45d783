/**
 * Forwards datagrams from port 7001 of this host to 169.254.7.2:7004, and from port 7002 back to
 * 127.0.0.1:7003. A line of JSON on stdin sets the delay and loss of the first direction:
 * `{"delayMs": 40, "lossShare": 0.1}`.
 */
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

let impairment = { delayMs: 0, lossShare: 0 };

const there = createSocket('udp4');
const back = createSocket('udp4');
there.on('message', (packet) => {
  if (Math.random() < impairment.lossShare) return;
  if (impairment.delayMs === 0) back.send(packet, 7004, '169.254.7.2');
  else setTimeout(() => back.send(packet, 7004, '169.254.7.2'), impairment.delayMs);
});
back.on('message', (packet) => there.send(packet, 7003, '127.0.0.1'));
createInterface({ input: process.stdin }).on('line', (line) => {
  impairment = JSON.parse(line);
});
there.bind(7001, '127.0.0.1', () => {
  back.bind(7002, '169.254.7.1', () => process.stdout.write('ready\n'));
});
