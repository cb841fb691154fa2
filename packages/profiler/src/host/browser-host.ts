// What a host elsewhere needs to measure or to answer, without anything of Node: a browser's device bundles it into its worker, and one that
// measures by another program answers the same requests.
export { HostServer } from './host-server.ts';
export type { WorkerAnswers, WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts';
