// What an agent on another machine needs to measure there in a process of its own, for devices that bring such an agent.
export { ChildTransport } from './child-transport.ts';
export { CpuPinner } from './cpu-pinning.ts';
export { readMachineFacts } from './machine-facts.ts';
export { checkSensors } from './machine-sensors.ts';
