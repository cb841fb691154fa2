import type { Reporter, TestModule } from 'vitest/node';

/** Prints the result of a whole test run as its last line: `tests: 120 passed, 0 failed, 2 skipped`. */
export default class ResultLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const broken = module.errors().length;
      count.failed += broken;
      for (const test of module.children.allTests()) count[test.result().state]++;
    }
    process.on('exit', () => {
      process.stdout.write(`tests: ${count.passed} passed, ${count.failed + count.pending} failed, ${count.skipped} skipped\n`);
    });
  }
}
