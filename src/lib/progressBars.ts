import { MultiBar, Presets } from 'cli-progress';
import { formatDuration, unknownText } from '../model/values/format.ts';
import { type OutputStream, type Phase, type Progress, silentProgress } from './progress.ts';

/** Bars with the estimated time left on a terminal; nothing when `stream` is none. */
export function createProgress(stream: OutputStream): Progress {
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

/** cli-progress passes `INF` and `NULL` while the time is unknown. */
function etaText(seconds: unknown): string {
  return typeof seconds === 'number' ? formatDuration(seconds) : unknownText;
}
