// What a page needs to measure, without anything of Node: a browser's device bundles it into its worker.
export { HostServer } from './host-server.ts';
export type { WorkerMessage } from './worker-protocol.ts';
