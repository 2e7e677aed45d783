/** Preloaded into a measured process: writes what the process used into the file that BENCH_USAGE names, at its exit. */
import { writeFileSync } from 'node:fs';

const file = process.env.BENCH_USAGE;
process.on('exit', () => {
  const usage = process.resourceUsage();
  if (file !== undefined)
    writeFileSync(
      file,
      JSON.stringify({
        cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
        peakMegabytes: usage.maxRSS / 1024,
        wallSeconds: performance.now() / 1000,
      }),
    );
});
