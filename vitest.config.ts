import { defineConfig } from 'vitest/config';

/** Pages of the demo: made once for all tests that look at them, which takes some seconds. */
const demoSite = 'test/browser/makeDemoSite.ts';

export default defineConfig({
  test: {
    testTimeout: 120_000,
    // No date that people read depends on the time zone of this host.
    env: { TZ: 'Asia/Kathmandu' },
    hookTimeout: 300_000,
    // Many tests wait for a disk, a process or a browser.
    maxWorkers: '150%',
    // The files of a worker share the modules that they load: no test leaves anything in them.
    isolate: false,
    projects: [
      // Asks the registry of npm; npm run test:package runs it.
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,golden,fuzz,soak,system}/**/*.test.ts'],
          setupFiles: 'test/integration/setup.ts',
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], globalSetup: demoSite },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // They run in Chromium.
      exclude: ['src/report/browser/**'],
      reporter: ['text-summary', 'html', 'json-summary'],
      // A little below what all tests reach: 96, 90, 97 and 97.
      thresholds: { statements: 95, branches: 89, functions: 96, lines: 96 },
    },
  },
});
