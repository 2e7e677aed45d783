import { spawnSync } from 'node:child_process';

/** The versions whose formats pstrace prints. Their dependency is part of Python since 3.5. */
const packages = ['connmonitor==4.1.3', 'connvitals==4.3.2'];

/** Words of pip when no server answers. */
const noServer = /NewConnectionError|NameResolutionError|ConnectTimeoutError|ProxyError/;

/** The command that starts the original, without the name of its file. */
export const originalCommand = [
  'python3',
  '-c',
  'import sys; from connmonitor import main; sys.exit(main())',
] as const;

/**
 * Installs the original connvitals-monitor from PyPI into a folder, to be named by PYTHONPATH.
 * Returns the reason if this host cannot run it, else null. Throws if pip fails in another way.
 */
export function installOriginal(folder: string): string | null {
  const python = runPython('-c', 'import ssl; print(hasattr(ssl, "wrap_socket"))');
  if (python === null) return 'python3 is not installed';
  if (!python.includes('True')) return 'it requires Python 3.11 or earlier';
  if (runPython('-m', 'pip', '--version') === null) return 'pip is not installed';
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--target', folder];
  const pip = ['-m', 'pip', 'install', ...options, ...packages];
  const { status, stdout, stderr } = spawnSync('python3', pip, { encoding: 'utf8' });
  if (status === 0) return null;
  if (noServer.test(stderr)) return 'PyPI does not answer';
  throw new Error(`pip cannot install connvitals-monitor:\n${stdout}${stderr}`);
}

/** What a command of Python prints; null if it fails or there is no Python. */
function runPython(...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('python3', args, { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}
