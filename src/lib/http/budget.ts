import { HttpError } from './httpError.ts';
import type { HttpBudget, HttpClientOptions } from './types.ts';

type BudgetOptions = Pick<
  HttpClientOptions,
  'subject' | 'hostname' | 'maxTotalBytes' | 'maxTotalSeconds'
>;

/** An unspent budget. Its time starts with the first request. */
export function createHttpBudget(options: BudgetOptions): HttpBudget {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let bytes = 0;
  return {
    signal: controller.signal,
    requireRest() {
      controller.signal.throwIfAborted();
      if (bytes >= options.maxTotalBytes) throw bytesError(options, bytes);
      timer ??= setTimeout(
        () => controller.abort(timeError(options)),
        options.maxTotalSeconds * 1000,
      ).unref();
    },
    spend(more) {
      bytes += more;
    },
    close() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function bytesError({ subject, hostname }: BudgetOptions, bytes: number): HttpError {
  const sent = bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`;
  return new HttpError(subject, {
    reason: 'budget',
    message: `${hostname} has sent ${sent}, the limit of one run. The next run continues.`,
    remedy: 'Raise max_run of [http] in the configuration if archive and network can bear it.',
  });
}

function timeError({ subject, hostname, maxTotalSeconds }: BudgetOptions): HttpError {
  return new HttpError(subject, {
    reason: 'budget',
    message: `${hostname} has taken ${Math.round(maxTotalSeconds)} s, its share of the time of a run. The next run continues.`,
    remedy: 'Raise run_limit in the configuration if runs may take longer.',
  });
}
