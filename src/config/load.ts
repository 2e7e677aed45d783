import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ErrorDetails, ExpectedError } from '../lib/errors.ts';
import { fileFailure, systemCode } from '../lib/files.ts';
import { parseStrictToml } from '../lib/strictToml.ts';
import { type AlertsConfig, type GroupConfig, toAlertsConfig } from './alerts.ts';
import { type PolicyConfig, toPolicyConfigs } from './policies.ts';
import { type FileConfig, fileSchema } from './schema.ts';

/** One `[[archive]]`; `caFile` is absolute, null for the system's own authorities. */
export interface ArchiveConfig {
  readonly url: string;
  readonly caFile: string | null;
  /** The one certificate to accept, `AB:CD:…` (SHA-256); null for any that can be trusted. */
  readonly fingerprint: string | null;
  readonly insecure: boolean;
  /** null: that of `[http]`. */
  readonly concurrency: number | null;
}

/** The configuration with every value present; paths absolute. */
export interface Config {
  readonly archives: readonly ArchiveConfig[];
  readonly windowSeconds: number;
  readonly out: string;
  readonly state: string;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly maxAnswerBytes: number;
  readonly maxTotalBytes: number;
  readonly overlapSeconds: number;
  /** How long traces are kept. */
  readonly traceRetentionSeconds: number;
  readonly psconfig: PsconfigConfig;
  readonly mtr: MtrConfig;
  readonly publish: PublishConfig;
  readonly asLookup: AsLookupConfig;
  readonly dns: DnsConfig;
  readonly title: string;
  /** Where readers find the pages, with a slash at the end; null where that is not known. */
  readonly siteUrl: string | null;
  /** Who is told of changes; null: nobody. `alertSettings` of src/cli reads what is in other files. */
  readonly alerts: AlertsConfig | null;
  readonly groups: readonly GroupConfig[];
  readonly policies: readonly PolicyConfig[];
  /** For the textfile collector of node_exporter; null: none is written. */
  readonly prometheusFile: string | null;
  /** The file itself, whether it is there or not. */
  readonly file: string;
}

/** Where the psConfig templates are: URLs, and absolute names of files. */
export interface PsconfigConfig {
  readonly locations: readonly string[];
  readonly caFile: string | null;
  readonly insecure: boolean;
}

/** What readers of the pages must not see. */
export interface PublishConfig {
  /** Addresses within this many hops of a source; 0 for none. */
  readonly hops: number;
  readonly private: boolean;
  /** In CIDR form. */
  readonly prefixes: readonly string[];
}

/** How this host measures with mtr, and what others send to it. */
export interface MtrConfig {
  readonly targetsFile: string;
  /** A name to look for on the path, or an absolute file. */
  readonly command: string;
  /** The same for the program that sends the pings of the monitor. */
  readonly ping: string;
  readonly parallel: number;
  /** For one run; null for what its packets need. */
  readonly limitSeconds: number | null;
  /** Name of this host in results; null for what it calls itself. */
  readonly source: string | null;
  /** Files that every run takes in: absolute, with `*` and the like. */
  readonly importPatterns: readonly string[];
}

/** Where AS numbers come from that neither archives nor mtr tell. */
export interface AsLookupConfig {
  /** An absolute name; null for none. */
  readonly file: string | null;
  /** Whether Team Cymru's DNS is asked. */
  readonly cymru: boolean;
}

/** Whose names DNS is asked for, and which servers: none given stands for those of this host. */
export interface DnsConfig {
  readonly names: 'off' | 'mtr' | 'all';
  readonly servers: readonly string[];
}

/** A configuration, or everything that is wrong with its file. */
export type LoadedConfig =
  | { readonly config: Config; readonly faults: null }
  | { readonly config: null; readonly faults: readonly ErrorDetails[] };

/**
 * Reads the configuration file. `root` is the folder of pstrace, where `html/` and `var/` are by default;
 * paths within the file are relative to the folder of the file. A file that is not there gives the defaults,
 * unless `mustExist`.
 */
export function loadConfig(file: string, root: string, mustExist: boolean): LoadedConfig {
  try {
    return parseConfig(readFileSync(file, 'utf8'), file, root);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && !mustExist) return parseConfig('', file, root);
    const failure = fileFailure(error, 'cannot read the configuration', file);
    if (!(failure instanceof ExpectedError)) throw error;
    return invalidConfig([fault(file, failure.message)]);
  }
}

/** As `loadConfig`, for the text of a file. */
export function parseConfig(source: string, file: string, root: string): LoadedConfig {
  const { value, faults } = parseStrictToml(source, file, fileSchema);
  if (value !== null) return { config: toConfig(value, file, root), faults: null };
  return invalidConfig(faults.map((message) => fault(file, message)));
}

function invalidConfig(faults: readonly ErrorDetails[]): LoadedConfig {
  return { config: null, faults };
}

function fault(subject: string, message: string): ErrorDetails {
  return { kind: 'misconfigured', subject, message, remedy: null };
}

function toConfig(data: FileConfig, file: string, root: string): Config {
  const folder = dirname(file);
  return {
    archives: data.archive.map(({ ca, ...archive }) => ({
      ...archive,
      caFile: ca === '' ? null : resolve(folder, ca),
    })),
    windowSeconds: data.window,
    out: data.out === null ? join(root, 'html') : resolve(folder, data.out),
    state: data.state === null ? join(root, 'var') : resolve(folder, data.state),
    concurrency: data.http.concurrency,
    timeoutSeconds: data.http.timeout,
    retries: data.http.retries,
    maxAnswerBytes: data.http.max_answer,
    maxTotalBytes: data.http.max_run,
    overlapSeconds: data.store.overlap,
    traceRetentionSeconds: data.store.traces,
    psconfig: {
      locations: data.psconfig.url.map((location) =>
        /^https?:\/\//i.test(location) ? location : resolve(folder, location),
      ),
      caFile: data.psconfig.ca === '' ? null : resolve(folder, data.psconfig.ca),
      insecure: data.psconfig.insecure,
    },
    mtr: {
      targetsFile: resolve(folder, data.mtr.targets),
      command: resolveProgram(data.mtr.command, folder),
      ping: resolveProgram(data.mtr.ping, folder),
      parallel: data.mtr.parallel,
      limitSeconds: data.mtr.limit,
      source: data.mtr.source === '' ? null : data.mtr.source,
      importPatterns: data.mtr.import.map((pattern) => resolve(folder, pattern)),
    },
    publish: {
      hops: data.publish.mask_hops,
      private: data.publish.mask_private,
      prefixes: data.publish.mask,
    },
    asLookup: {
      file: data.as.file === '' ? null : resolve(folder, data.as.file),
      cymru: data.as.cymru,
    },
    dns: { names: data.dns.names, servers: data.dns.servers },
    title: data.site.title,
    siteUrl: data.site.url === '' ? null : data.site.url.replace(/\/*$/, '/'),
    alerts: toAlertsConfig(data, folder),
    groups: data.group,
    policies: toPolicyConfigs(data.policy),
    prometheusFile: data.prometheus.file === '' ? null : resolve(folder, data.prometheus.file),
    file,
  };
}

/** A name to look for on the path stays one; a file becomes absolute. */
function resolveProgram(command: string, folder: string): string {
  return command.includes('/') ? resolve(folder, command) : command;
}
