import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Behavior, type Mailbox, openMailbox } from '../helpers/notify/mailbox.ts';

/** A site, its state and its mail server. */
export interface Household {
  readonly out: string;
  readonly state: string;
  readonly box: Mailbox;
  /** Arguments of a run. */
  readonly args: readonly string[];
}

/**
 * Prepares a place below `folder` whose runs read these archives and wait for each response as long
 * as `timeout` says.
 */
export async function openHousehold(
  folder: string,
  bases: readonly string[],
  behavior: Behavior,
  timeout: string,
): Promise<Household> {
  mkdirSync(folder, { recursive: true });
  const box = await openMailbox(behavior);
  const config = join(folder, 'pstrace.toml');
  writeFileSync(config, configText(box.port, timeout), { mode: 0o600 });
  const [out, state] = [join(folder, 'html'), join(folder, 'var')];
  const options = ['--out', out, '--state', state, '--config', config];
  return { out, state, box, args: [...bases, window, ...options] };
}

/** Nearly all that the archives hold: several faults in a row may keep one away for a day. */
const window = '44h';

function configText(port: number, timeout: string): string {
  return `
    [http]
    retries = 0
    timeout = "${timeout}"
    [store]
    retention = "7d"
    [site]
    url = "https://ps.example.org/"
    [alerts]
    time_zone = "UTC"
    [email]
    server = "127.0.0.1"
    port = ${port}
    security = "none"
    from = "pstrace@example.org"
    timeout = "2s"
    [[recipient]]
    name = "noc"
    to = ["noc@example.org"]
    digest_from = "off"
    per_hour = 1000
    `;
}
