import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // onnxruntime-node is a native addon: it loads in forks and threads, not in the vm pools.
    pool: 'forks',
    // Threads that the code starts load its sources by themselves.
    execArgv: ['--import', 'tsx'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
