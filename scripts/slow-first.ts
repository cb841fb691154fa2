import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that take longest. Started last, one of them would run while all other cores have nothing left to do. */
const SLOW = [
  'tests/installed.test.ts',
  'tests/plain-install.test.ts',
  'tests/simulation/seeds.test.ts',
  'packages/cli/src/program.test.ts',
  'tests/release.test.ts',
  'tests/silence.test.ts',
  'packages/cli/src/documented-shell.test.ts',
  'tests/zoo.test.ts',
  'tests/agreement.test.ts',
  'tests/web-agreement.test.ts',
  'tests/other-nodes.test.ts',
  'tests/interruption.test.ts',
  'packages/cli/src/commands/register.test.ts',
  'packages/profiler/src/host/worker-isolation.test.ts',
  'packages/cli/src/commands/whole-way.test.ts',
  'tests/onnx-round-trip.test.ts',
  'tests/kernel-contracts.test.ts',
];

/** Runs the slowest test files first, then those with a process of their own, then those that share one, each in vitest's own order. */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const index = SLOW.indexOf(relative(this.ctx.config.root, moduleId).replaceAll('\\', '/'));
      return index < 0 ? SLOW.length + Number(!project.config.isolate) : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
