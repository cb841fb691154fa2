import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import SlowFirst from './scripts/slow-first.ts';

const MINUTE = 60_000;
const projects = ['packages/*', 'tools/*', 'examples/*', 'scripts', 'tests'];

export default defineConfig({
  ssr: { resolve: { conditions: ['@nnm/source', 'module', 'node', 'development|production'] } },
  test: {
    reporters: ['default', './scripts/result-line-reporter.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(),
    sequence: { sequencer: SlowFirst },
    disableConsoleIntercept: true,
    // What nnm keeps for its user, such as quiet levels, is not for tests to change.
    // Nor are tests that call ONNX Runtime on their own to send usage data.
    // Tests make folders with code of their own, which they may run.
    env: { XDG_DATA_HOME: join(tmpdir(), 'nnm-test-data'), NNM_TRUST: '1', ORT_DISABLE_TELEMETRY: '1' },
    // Tests wait for events. These limits only end a test that hangs, on however busy a machine.
    testTimeout: 15 * MINUTE,
    hookTimeout: 15 * MINUTE,
    include: projects.map((folder) => `${folder}/**/*.test.ts`),
    exclude: ['**/node_modules/**', '**/dist/**'],
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
  },
});
