// What a page needs to measure, without anything of Node: a browser's device bundles it into its worker.
export { describeFailure, HostServer } from './host-server.ts';
export type { WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts';
