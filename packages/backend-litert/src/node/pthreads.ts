import * as workerThreads from 'node:worker_threads';

/** Runs a script as {@link loadModuleInNode} does: Node takes it for an ES module otherwise, after its package.json. */
const BOOTSTRAP = `
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { compileFunction } = require('node:vm');
const FILE = __FILE__;
compileFunction(readFileSync(FILE, 'utf8'), ['require', '__filename', '__dirname'], { filename: FILE })(require, FILE, path.dirname(FILE));
`;

/**
 * What LiteRT's script is given for `node:worker_threads`: its threads run the same script, and keep no process from ending.
 *
 * @param file - the script
 */
export function pthreadsOf(file: string): typeof workerThreads {
  class Pthread extends workerThreads.Worker {
    constructor(_script: string | URL, options?: workerThreads.WorkerOptions) {
      super(
        BOOTSTRAP.replace('__FILE__', () => JSON.stringify(file)),
        { ...options, eval: true },
      );
      this.unref();
    }
  }
  return { ...workerThreads, isMainThread: true, Worker: Pthread };
}
