/**
 * Selects a benchmark: `npm run bench` measures runs (`main.ts`), `npm run bench -- sweep` their
 * growth (`sweep.ts`), `npm run bench -- mtr` mtr (`mtr.ts`), `npm run bench -- import` imports
 * (`import.ts`), `npm run bench -- site [10,50,200]`
 * the pages (`site.ts`), `npm run bench -- confidence DIR …` the confidence in changes
 * (`confidence.ts`), and `npm run bench -- detection --scorer SCORER DIR …` the detection
 * (`detection.ts`).
 */
const [benchmark, ...operands] = process.argv.slice(2);
if (benchmark === 'site') {
  const { benchSite } = await import('./site.ts');
  await benchSite((operands[0] ?? '10,50,200').split(',').map(Number));
} else if (benchmark === 'confidence') {
  const { benchConfidence } = await import('./confidence.ts');
  benchConfidence(operands);
} else if (benchmark === 'detection') {
  const { benchDetection } = await import('./detection.ts');
  benchDetection(operands);
} else if (benchmark === 'sweep') {
  await import('./sweep.ts');
} else if (benchmark === 'mtr') {
  await import('./mtr.ts');
} else if (benchmark === 'import') {
  const { benchImport } = await import('./import.ts');
  await benchImport(operands);
} else {
  await import('./main.ts');
}

export {};
