/**
 * `npm run bench` measures runs (`main.ts`), `npm run bench -- sweep` how they grow (`sweep.ts`), `npm run bench -- mtr` runs
 * of mtr (`mtr.ts`), and `npm run bench -- site [10,50,200]` the pages (`site.ts`).
 */
const [what, sizes = '10,50,200'] = process.argv.slice(2);
if (what === 'site') {
  const { benchSite } = await import('./site.ts');
  await benchSite(sizes.split(',').map(Number));
} else if (what === 'sweep') {
  await import('./sweep.ts');
} else if (what === 'mtr') {
  await import('./mtr.ts');
} else {
  await import('./main.ts');
}

export {};
