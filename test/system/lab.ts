import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Network namespaces of this process, and the programs in them. */
export interface Lab {
  /** Creates a namespace with a short name that is unique in the lab. */
  add(name: string): Promise<void>;
  /** Runs a command in a namespace and returns its output. Throws with its messages if it fails. */
  run(name: string, command: string, ...args: readonly string[]): Promise<string>;
  /** Runs `ip` on a namespace, words separated by blanks. */
  ip(name: string, command: string): Promise<string>;
  /** Links two namespaces. The device in each has the name of the other. */
  link(one: string, other: string): Promise<void>;
  /** Starts a command in a namespace that runs until the lab is closed. */
  start(name: string, command: string, ...args: readonly string[]): ChildProcess;
  /** Ends all programs and removes all namespaces. Returns the names of namespaces that remain. */
  close(): Promise<string[]>;
}

/** Opens an empty lab. `signal` ends running commands. */
export function openLab(signal: AbortSignal): Lab {
  const prefix = `pstrace-${process.pid}-`;
  const names = new Set<string>();
  const children: ChildProcess[] = [];
  const within = (name: string, ...command: readonly string[]) =>
    ['netns', 'exec', `${prefix}${name}`].concat(command);
  const runIp = async (...args: readonly string[]) =>
    (await execute('ip', args, { signal, maxBuffer: 2 ** 26 })).stdout;

  return {
    async add(name) {
      names.add(name);
      await runIp('netns', 'add', `${prefix}${name}`);
      await runIp('-n', `${prefix}${name}`, 'link', 'set', 'lo', 'up');
    },
    run: (name, ...command) => runIp(...within(name, ...command)),
    ip: (name, command) => runIp('-n', `${prefix}${name}`, ...command.split(' ')),
    async link(one, other) {
      const from = ['name', other, 'netns', `${prefix}${one}`];
      const to = ['name', one, 'netns', `${prefix}${other}`];
      await runIp('link', 'add', ...from, 'type', 'veth', 'peer', ...to);
    },
    start(name, ...command) {
      const child = spawn('ip', within(name, ...command), {
        stdio: ['pipe', 'pipe', 'inherit'],
        // Only the test handles Ctrl-C, so that it can close the lab in order.
        detached: true,
      });
      children.push(child);
      return child;
    },
    async close() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      for (const name of names) await remove(`${prefix}${name}`);
      return (await namespaces()).filter((name) => name.startsWith(prefix));
    },
  };
}

/** Removes the namespaces of labs whose process was killed. */
export async function sweep(): Promise<void> {
  for (const name of await namespaces()) {
    const [, pid] = /^pstrace-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await remove(name);
  }
}

async function namespaces(): Promise<string[]> {
  const { stdout } = await execute('ip', ['netns', 'list']);
  return stdout.split('\n').flatMap((line) => line.split(' ')[0] || []);
}

async function remove(namespace: string): Promise<void> {
  const { stdout } = await execute('ip', ['netns', 'pids', namespace]).catch(noneLeft);
  for (const pid of stdout.split('\n').filter(Boolean)) kill(Number(pid));
  await execute('ip', ['netns', 'delete', namespace]).catch(noneLeft);
}

function noneLeft(): { stdout: string } {
  return { stdout: '' };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
