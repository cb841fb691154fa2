import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import SlowFirst from './scripts/slow-first.ts';

const MINUTE = 60_000;
const folders = ['packages/*', 'tools/*', 'examples/*', 'scripts', 'tests'];

/** Test files that get a process of their own: those that put modules in the place of others, and those that load runtimes or hold much. */
const APART = [
  'packages/{backend-*,native-kit,device-*,fleet}/**/*.test.ts',
  'packages/cli/src/commands/{android,ssh,whole-way}.test.ts',
  'packages/cli/src/commands/fleet/*.test.ts',
  'packages/cli/src/documented-shell.test.ts',
  'packages/profiler/src/run/scale.test.ts',
  'tests/**/*.test.ts',
];
const never = ['**/node_modules/**', '**/dist/**'];

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
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
    projects: [
      { extends: true, test: { name: 'apart', include: APART, exclude: never } },
      // The others load the same few hundred modules, once for all of them: that is a third of their time.
      {
        extends: true,
        test: {
          name: 'together',
          isolate: false,
          include: folders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: [...never, ...APART],
        },
      },
    ],
  },
});
