// The worker of a measuring host: the engine's module that measures, fed by the page.
import { HostServer, type WorkerMessage } from '@nnm/profiler/browser-host';

interface Asked {
  readonly message: WorkerMessage;
  readonly model?: Uint8Array;
}

const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Asked }) => void;
  postMessage(message: unknown): void;
};
const server = new HostServer({});
let served = Promise.resolve();
scope.onmessage = ({ data: { message, model } }) => {
  served = served.then(async () => scope.postMessage(await server.answer(message.request, model)));
};
scope.postMessage('ready');
