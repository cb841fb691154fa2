import type { FromPage } from '../protocol.ts';

/** The workers of a page, one for each measuring host: a host that hangs is ended with its worker, and the page lives on. */
export class HostWorkers {
  private readonly workers = new Map<number, Worker>();

  constructor(private readonly say: (message: FromPage) => void) {}

  get count(): number {
    return this.workers.size;
  }

  start(host: number): void {
    // A classic worker: `importScripts`, which some runtimes load their code with, does not exist in others; `import()` does in both.
    const worker = new Worker('/host.js');
    this.workers.set(host, worker);
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'ready') this.say({ type: 'ready', host });
      else this.say({ type: 'reply', host, reply: data });
    };
    worker.onerror = ({ message }) => {
      this.end(host);
      this.say({ type: 'died', host, reason: message || 'its worker could not be loaded' });
    };
  }

  ask(host: number, message: object, model: Uint8Array | undefined): void {
    this.workers.get(host)?.postMessage({ message, model }, model === undefined ? [] : [model.buffer]);
  }

  end(host: number): void {
    this.workers.get(host)?.terminate();
    this.workers.delete(host);
  }

  endAll(): void {
    for (const host of [...this.workers.keys()]) this.end(host);
  }
}
