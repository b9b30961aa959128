import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'hub/**/*.test.ts',
      'devices/**/*.test.ts',
      'firmware-sim/**/*.test.ts',
      'bench/**/*.test.ts',
      'dashboard/test/**/*.test.ts',
    ],
    // Real brokers, real disks and a real browser on two cores: deadlines are generous, waits are for events.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: 'hub/test/compiled-first.ts',
    pool: 'forks',
    maxWorkers: 2,
  },
})
