import { dirname, join } from 'node:path';
import type { HostRule } from '../lib/hostRule.ts';
import { parseStrictTomlFiles, type TomlSource } from '../lib/strictToml.ts';
import type { MetricName } from '../model/metric/metric.ts';
import type { Problem } from '../model/run/problem.ts';
import type { TestGroup } from '../model/test/selection.ts';
import { type AlertsConfig, toAlertsConfig } from './alerts.ts';
import { configFault, readConfigFiles } from './configFiles.ts';
import { resolvePath } from './paths.ts';
import { type PolicyConfig, toPolicyConfigs } from './policies.ts';
import { type FileConfig, fileSchema, renamedKeys } from './schema.ts';

/** One `[[archive]]`; `caFile` is absolute, null for the system's own authorities. */
export interface ArchiveConfig {
  readonly url: string;
  readonly caFile: string | null;
  /** SHA-256 fingerprint of the only certificate to accept, `AB:CD:…`; null for any trusted one. */
  readonly fingerprint: string | null;
  readonly insecure: boolean;
  /** Login name; null for none. */
  readonly user: string | null;
  /** File with the password, absolute; null for none. */
  readonly passwordFile: string | null;
  /** File with an API key of Elasticsearch, absolute; null for none. */
  readonly apiKeyFile: string | null;
  /** null: as in `[http]`. */
  readonly concurrency: number | null;
  /** Daily figures to read besides traces. */
  readonly metrics: readonly MetricName[];
}

/** The configuration with all defaults. Paths are absolute. */
export interface Config {
  readonly archives: readonly ArchiveConfig[];
  readonly windowSeconds: number;
  /** After this time, a run reads no more and publishes what it has. */
  readonly runLimitSeconds: number;
  readonly out: string;
  readonly state: string;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly maxResponseBytes: number;
  readonly maxTotalBytes: number;
  readonly overlapSeconds: number;
  readonly traceRetentionSeconds: number;
  /** A change that made nothing worse becomes the new baseline after this many seconds. */
  readonly acceptAfterSeconds: number;
  readonly psconfig: PsconfigConfig;
  readonly mtr: MtrConfig;
  readonly publish: PublishConfig;
  readonly asLookup: AsLookupConfig;
  readonly dns: DnsConfig;
  readonly title: string;
  /** Address of the published site with a slash at the end; null if unknown. */
  readonly siteUrl: string | null;
  /** Mode of the pages, as a number; folders can be entered by all who may read the pages. */
  readonly pageMode: number;
  /** A run draws the pages of a test that has no news after this long; 0: at every run. */
  readonly redrawSeconds: number;
  /** null: no recipients and no maintenance windows. */
  readonly alerts: AlertsConfig | null;
  readonly groups: readonly TestGroup[];
  readonly policies: readonly PolicyConfig[];
  /** For the textfile collector of node_exporter; null for none. */
  readonly prometheusFile: string | null;
  /** The main file, whether it exists or not. */
  readonly file: string;
  /** The files that were read: the main one, and those of `conf.d`. */
  readonly files: readonly string[];
  /** A sentence for each key that the file uses under an old name, beginning with file and line. */
  readonly hints: readonly string[];
}

/** `[psconfig]`: URLs and absolute files of templates. */
export interface PsconfigConfig {
  readonly locations: readonly string[];
  readonly caFile: string | null;
  readonly insecure: boolean;
  /** Hosts that the templates may include in addition to those of the locations. */
  readonly allow: readonly HostRule[];
}

/** `[publish]`: addresses to mask. */
export interface PublishConfig {
  /** Masks addresses within this many hops of a source; 0 for none. */
  readonly hops: number;
  readonly private: boolean;
  /** In CIDR form. */
  readonly prefixes: readonly string[];
}

/** `[mtr]`: local measurements, and files to import. */
export interface MtrConfig {
  readonly targetsFile: string;
  /** A program name, or an absolute file. */
  readonly command: string;
  /** The same for the program that sends pings. */
  readonly ping: string;
  readonly parallel: number;
  /** Longest run for one target; null allows for its packets. */
  readonly limitSeconds: number | null;
  /** Name of this host in results; null for its own name. */
  readonly source: string | null;
  /** Absolute glob patterns of files that every run imports. */
  readonly importPatterns: readonly string[];
}

/** `[as]`: sources of AS numbers that archives and mtr do not report. */
export interface AsLookupConfig {
  /** Absolute; null for none. */
  readonly file: string | null;
  /** Whether to query Team Cymru's DNS. */
  readonly cymru: boolean;
}

/** `[dns]`: which host names to look up, and by which servers; no servers: those of this host. */
export interface DnsConfig {
  readonly names: 'off' | 'mtr' | 'all';
  readonly servers: readonly string[];
}

/** A configuration, or all faults of its file. */
export type LoadedConfig =
  | { readonly config: Config; readonly faults: null }
  | { readonly config: null; readonly faults: readonly Problem[] };

/**
 * Reads the configuration file and the files `*.toml` of the folder `conf.d` beside it, in the
 * order of their names. `root` is the folder of pstrace, where `html/` and `var/` are by default;
 * paths in the files are relative to the folder of the configuration file. Without a file, the
 * result is the defaults, unless `mustExist`.
 */
export function loadConfig(file: string, root: string, mustExist: boolean): LoadedConfig {
  const read = readConfigFiles(file, mustExist);
  return 'fault' in read ? invalidConfig([read.fault]) : parseSources(read.sources, file, root);
}

/** As `loadConfig`, for the text of a file. */
export function parseConfig(source: string, file: string, root: string): LoadedConfig {
  return parseSources([{ file, text: source }], file, root);
}

function parseSources(sources: readonly TomlSource[], file: string, root: string): LoadedConfig {
  const { value, faults, hints } = parseStrictTomlFiles(sources, fileSchema, renamedKeys);
  const files = sources.map((source) => source.file);
  if (value !== null) {
    return { config: { ...toConfig(value, file, root), files, hints }, faults: null };
  }
  return invalidConfig(faults.map((message) => configFault(file, message)));
}

function invalidConfig(faults: readonly Problem[]): LoadedConfig {
  return { config: null, faults };
}

function toConfig(data: FileConfig, file: string, root: string): Omit<Config, 'files' | 'hints'> {
  const folder = dirname(file);
  const resolveFile = (name: string) => (name === '' ? null : resolvePath(folder, name));
  return {
    archives: data.archive.map(({ ca, user, password_file, api_key_file, ...archive }) => ({
      ...archive,
      caFile: resolveFile(ca),
      user: user === '' ? null : user,
      passwordFile: resolveFile(password_file),
      apiKeyFile: resolveFile(api_key_file),
    })),
    windowSeconds: data.window,
    runLimitSeconds: data.run_limit,
    out: data.out === null ? join(root, 'html') : resolvePath(folder, data.out),
    state: data.state === null ? join(root, 'var') : resolvePath(folder, data.state),
    concurrency: data.http.concurrency,
    timeoutSeconds: data.http.timeout,
    retries: data.http.retries,
    maxResponseBytes: data.http.max_response,
    maxTotalBytes: data.http.max_run,
    overlapSeconds: data.store.overlap,
    traceRetentionSeconds: data.store.retention,
    acceptAfterSeconds: data.detection.accept_after,
    psconfig: {
      locations: data.psconfig.url.map((location) =>
        /^https?:\/\//i.test(location) ? location : resolvePath(folder, location),
      ),
      caFile: resolveFile(data.psconfig.ca),
      insecure: data.psconfig.insecure,
      allow: data.psconfig.allow,
    },
    mtr: {
      targetsFile: resolvePath(folder, data.mtr.targets),
      command: resolveProgram(data.mtr.command, folder),
      ping: resolveProgram(data.mtr.ping, folder),
      parallel: data.mtr.parallel,
      limitSeconds: data.mtr.limit,
      source: data.mtr.source === '' ? null : data.mtr.source,
      importPatterns: data.mtr.import.map((pattern) => resolvePath(folder, pattern)),
    },
    publish: {
      hops: data.publish.mask_hops,
      private: data.publish.mask_private,
      prefixes: data.publish.mask,
    },
    asLookup: {
      file: resolveFile(data.as.file),
      cymru: data.as.cymru,
    },
    dns: { names: data.dns.names, servers: data.dns.servers },
    title: data.site.title,
    pageMode: data.site.mode,
    siteUrl: data.site.url === '' ? null : data.site.url.replace(/\/*$/, '/'),
    redrawSeconds: data.site.redraw,
    alerts: toAlertsConfig(data, folder),
    groups: data.group,
    policies: toPolicyConfigs(data.policy),
    prometheusFile: resolveFile(data.prometheus.file),
    file,
  };
}

/** A file becomes absolute; a program name stays unchanged. */
function resolveProgram(command: string, folder: string): string {
  return command.includes('/') ? resolvePath(folder, command) : command;
}
