import { defineConfig } from 'vitest/config';

/** They replace a module of Node for what they import. */
const replacing = ['tests/targets/polite-repeats.test.ts'];

const settings = {
  // For a machine that is busy with other things.
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    // The tests work more than they wait.
    maxWorkers: '100%',
    projects: [
      // Modules are loaded once in each worker: nothing here keeps state in one.
      {
        test: {
          ...settings,
          name: 'together',
          include: ['tests/**/*.test.ts'],
          exclude: replacing,
          isolate: false,
        },
      },
      { test: { ...settings, name: 'alone', include: replacing } },
    ],
  },
});
