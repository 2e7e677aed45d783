import { defineConfig } from 'vitest/config';

/** Tests that look at the demo's site; it is made once before them, which costs some seconds. */
const ofSite = ['test/browser/**/*.test.ts'];
/** Asks the registry of npm; `npm run test:package` runs it. */
const ofPackage = ['test/**/*.pack.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...ofSite, ...ofPackage],
        },
      },
      { extends: true, test: { name: 'package', include: ofPackage } },
      {
        extends: true,
        test: { name: 'site', include: ofSite, globalSetup: 'test/browser/makeDemoSite.ts' },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
  },
});
