/**
 * Preloaded into a measured process. When it exits, appends the resources it used as one line to
 * the file in BENCH_USAGE. A command with several processes writes several lines. BENCH_CLOCK is the
 * time at which its clock starts, epoch seconds.
 */
import { appendFileSync } from 'node:fs';

const file = process.env.BENCH_USAGE;
const clock = process.env.BENCH_CLOCK;
if (clock !== undefined) {
  const startedAt = performance.now();
  Date.now = () => Number(clock) * 1000 + performance.now() - startedAt;
}
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
