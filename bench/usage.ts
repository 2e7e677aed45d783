/**
 * Preloaded into a measured process: adds what the process used as a line to the file that BENCH_USAGE names, at its exit. A
 * command of several processes leaves several lines.
 */
import { appendFileSync } from 'node:fs';

const file = process.env.BENCH_USAGE;
process.on('exit', () => {
  const usage = process.resourceUsage();
  if (file !== undefined)
    appendFileSync(
      file,
      `${JSON.stringify({
        cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
        peakMegabytes: usage.maxRSS / 1024,
      })}\n`,
    );
});
