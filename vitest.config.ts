import { defineConfig } from 'vitest/config';

/** Every tier that needs nothing outside Node; the others have projects of their own in scripts/test. */
export default defineConfig({
  test: {
    include: ['installer/**/*.test.ts', 'operator/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
