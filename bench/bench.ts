/**
 * Selects a benchmark: `npm run bench` measures runs (`main.ts`), `npm run bench -- sweep` their
 * growth (`sweep.ts`), `npm run bench -- mtr` mtr (`mtr.ts`), and `npm run bench -- site
 * [10,50,200]` the pages (`site.ts`).
 */
const [benchmark, sizes = '10,50,200'] = process.argv.slice(2);
if (benchmark === 'site') {
  const { benchSite } = await import('./site.ts');
  await benchSite(sizes.split(',').map(Number));
} else if (benchmark === 'sweep') {
  await import('./sweep.ts');
} else if (benchmark === 'mtr') {
  await import('./mtr.ts');
} else {
  await import('./main.ts');
}

export {};
