import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { isBuilt } from './scripts/pack-all.mjs';
import SlowFirst from './scripts/slow-first.ts';

const MINUTE = 60_000;
const folders = ['packages/*', 'tools/*', 'examples/*', 'scripts', 'tests'];

/** Test files that get a process of their own: those that put modules in the place of others, and those that load runtimes or hold much. */
const APART = [
  'packages/backend-*/src/{agreement,contract,contract-*,loaded-model,ort-*,runtime,runtime-*,torch-cpu-backend,windows}.test.ts',
  'packages/backend-*/src/native/{boundary,native-model}.test.ts',
  'packages/backend-torch/src/{lowering/lower-graph,part/part-as-in-network}.test.ts',
  'packages/device-*/src/{*-device,page}.test.ts',
  'packages/device-ssh/src/pack/*.test.ts',
  'packages/fleet/src/*.test.ts',
  'packages/native-kit/src/memory-release.test.ts',
  'packages/cli/src/commands/{android,ssh,whole-way}.test.ts',
  'packages/cli/src/commands/fleet/*.test.ts',
  'packages/cli/src/documented-shell.test.ts',
  'packages/profiler/src/run/scale.test.ts',
  'tests/{agreement,kernel-contracts,onnx-*,random-operators,silence,stranger,web-*,zoo,*-in-chromium}.test.ts',
  'tests/simulation/*.test.ts',
  'tools/bench/src/model-files/*.test.ts',
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
    // Where the build is that of the sources, their child processes are built ones: those from sources take seconds to start.
    env: {
      XDG_DATA_HOME: join(tmpdir(), 'nnm-test-data'),
      NNM_TRUST: '1',
      ORT_DISABLE_TELEMETRY: '1',
      ...((await isBuilt()) && { NNM_CHILDREN: 'built' }),
    },
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
