import { MultiBar, Presets } from 'cli-progress';

/** One line of the display: something is done `total` times. */
export interface Phase {
  /** More has turned up: adds to the total. */
  addTotal(more: number): void;
  /** So many more are done. */
  advance(done?: number): void;
}

/** What a person at a terminal watches while the program works. */
export interface Progress {
  phase(name: string, total: number): Phase;
  /** Takes the display away and prints what was written meanwhile. */
  stop(): void;
  /** Where log lines go while the display is up, so that they appear above it. */
  readonly stream: { write(text: string): unknown };
}

/** Shows nothing; what cron, pipes and tests get. */
export function silentProgress(stream: Progress['stream']): Progress {
  const phase: Phase = { addTotal: () => {}, advance: () => {} };
  return { phase: () => phase, stop: () => {}, stream };
}

/** Bars with the estimated time left on a terminal; nothing when `stream` is none. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return silentProgress(stream);
  const bars = new MultiBar(
    {
      stream,
      format: '{name} {bar} {value}/{total}  ETA {eta_formatted}',
      formatTime: etaText,
      etaBuffer: 100,
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      forceRedraw: true,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  );
  let active = false;
  return {
    phase(name, total) {
      active = true;
      return phaseOf(bars, name, total);
    },
    stop() {
      if (!active) return;
      active = false;
      bars.update();
      bars.stop();
    },
    stream: { write: (text) => (active ? bars.log(text) : stream.write(text)) },
  };
}

function phaseOf(bars: MultiBar, name: string, total: number): Phase {
  const bar = bars.create(total, 0, { name: name.padEnd(8) });
  let knownTotal = total;
  return {
    addTotal(more) {
      knownTotal += more;
      bar.setTotal(knownTotal);
    },
    advance(done = 1) {
      bar.increment(done);
    },
  };
}

/** `2m 5s`; cli-progress hands over `INF` and `NULL` as long as nothing can be told. */
function etaText(seconds: unknown): string {
  if (typeof seconds !== 'number') return '-';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}
