import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Network namespaces of this process's own, and what runs in them. */
export interface Lab {
  /** Makes a namespace; `name` is short, and told to nobody outside. */
  add(name: string): Promise<void>;
  /** Runs a command in a namespace to its end; what it printed. Throws with its messages when it fails. */
  run(name: string, command: string, ...args: readonly string[]): Promise<string>;
  /** Runs `ip` on a namespace, words separated by blanks. */
  ip(name: string, command: string): Promise<string>;
  /** Makes a link between two namespaces; the ends are named after each other. */
  link(one: string, other: string): Promise<void>;
  /** Starts a command in a namespace that runs until the lab is taken down. */
  start(name: string, command: string, ...args: readonly string[]): ChildProcess;
  /** Ends everything and removes every namespace; names of those that are left. */
  takeDown(): Promise<string[]>;
}

/** Opens an empty lab. `signal` ends the commands that run. */
export function openLab(signal: AbortSignal): Lab {
  const prefix = `pstrace-${process.pid}-`;
  const names = new Set<string>();
  const children: ChildProcess[] = [];
  const within = (name: string, ...command: readonly string[]) => [
    ...['netns', 'exec', `${prefix}${name}`],
    ...command,
  ];
  const own = async (...args: readonly string[]) =>
    (await execute('ip', args, { signal, maxBuffer: 2 ** 26 })).stdout;

  return {
    async add(name) {
      names.add(name);
      await own('netns', 'add', `${prefix}${name}`);
      await own('-n', `${prefix}${name}`, 'link', 'set', 'lo', 'up');
    },
    run: (name, ...command) => own(...within(name, ...command)),
    ip: (name, command) => own('-n', `${prefix}${name}`, ...command.split(' ')),
    async link(one, other) {
      const [from, to] = [`${prefix}${one}`, `${prefix}${other}`];
      const ends = ['name', other, 'netns', from, 'type', 'veth', 'peer', 'name', one];
      await own('link', 'add', ...ends, 'netns', to);
    },
    start(name, ...command) {
      const child = spawn('ip', within(name, ...command), {
        stdio: ['pipe', 'pipe', 'inherit'],
        // Ctrl-C is for the test alone, which takes down in order.
        detached: true,
      });
      children.push(child);
      return child;
    },
    async takeDown() {
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

/** Removes what a lab has left whose process was killed before it could. */
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
    // It has ended meanwhile.
  }
}
