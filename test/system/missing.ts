import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs that the system test runs, and Debian's packages of them. */
const programs = {
  ip: 'iproute2',
  mtr: 'mtr-tiny',
  traceroute: 'traceroute',
  tracepath: 'iputils-tracepath',
  socat: 'socat',
  chrt: 'util-linux',
};

/** What the system test needs and this host does not have, in words; null when all is there. */
export function missing(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root to make network namespaces';
  const absent = Object.entries(programs).flatMap(([program, name]) =>
    spawnSync('sh', ['-c', `command -v ${program}`]).status === 0 ? [] : [name],
  );
  if (absent.length > 0) return `these packages are not installed: ${absent.join(' ')}`;
  if (!existsSync('/dev/net/tun')) return 'this system has no tunnel devices (/dev/net/tun)';
  const { status, stderr } = spawnSync('unshare', ['--net', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `network namespaces are not allowed here: ${stderr.trim()}`;
}
