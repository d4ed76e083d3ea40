import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// A real control plane needs a network of its own: each of its workers, one for each file, begins in new namespaces.
if (process.argv.includes('bed')) process.execPath = join(import.meta.dirname, 'test/testbed/in-namespace');

/** One project for each tier of scripts/tiers.ts. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Nothing here waits for anything but the processor, and the machine that it has to be quick on has two cores.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['installer/**/*.test.ts', 'operator/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [
            'test/bed/**',
            'test/browser/**',
            'test/bundle/**',
            'test/cli/**',
            'test/laws/**',
            'test/rehearsal/**',
            'test/terminal/**',
            'operator/src/main.test.ts',
            'operator/src/main-closure.test.ts',
            '**/node_modules/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: ['test/cli/**/*.test.ts', 'operator/src/main.test.ts', 'operator/src/main-closure.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'rehearsal',
          include: ['test/laws/**/*.test.ts', 'test/rehearsal/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'bed',
          include: ['test/bed/**/*.test.ts'],
          pool: 'forks',
          // Real time passes here, on a machine that others use too: what fails once is tried again, and told.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'bundle', include: ['test/bundle/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      { extends: true, test: { name: 'terminal', include: ['test/terminal/**/*.test.ts'], testTimeout: 60_000 } },
      { extends: true, test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
