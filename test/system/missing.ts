import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs of the system test, with their Debian packages. */
const programs = {
  ip: 'iproute2',
  mtr: 'mtr-tiny',
  traceroute: 'traceroute',
  tracepath: 'iputils-tracepath',
  socat: 'socat',
  rsync: 'rsync',
  chrt: 'util-linux',
};

/** The reason why the system test cannot run on this host; null if it can. */
export function missing(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root to create network namespaces';
  const absent = Object.entries(programs).flatMap(([program, name]) =>
    spawnSync('sh', ['-c', `command -v ${program}`]).status === 0 ? [] : [name],
  );
  if (absent.length > 0) return `these packages are not installed: ${absent.join(' ')}`;
  if (!existsSync('/dev/net/tun')) return 'this system has no tunnel devices (/dev/net/tun)';
  const { status, stderr } = spawnSync('unshare', ['--net', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `network namespaces are not allowed here: ${stderr.trim()}`;
}
