import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The tests work more than they wait.
    maxWorkers: '100%',
    // Modules are loaded once in each worker: nothing here keeps state in one.
    isolate: false,
    // For a machine that is busy with other things.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
