import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // onnxruntime-node is a native addon: it loads in forks and threads, not in the vm pools.
    pool: 'forks',
    // Threads that the code starts load its sources by themselves.
    execArgv: ['--import', 'tsx'],
    maxWorkers: 2,
    // A busy machine may take long for what is waited for.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.slow.test.ts'],
          // Loading the sources anew for each file takes three times as long as all that is tested here.
          isolate: false,
        },
      },
      // Real processes, real networks on real photos, and what takes longer than a second or two.
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          globalSetup: 'test/compile-networks.ts',
        },
      },
    ],
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/**/*_pb.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
