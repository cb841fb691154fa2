export { type FleetBoard, openBoard } from './board/open-board.ts';
export { type ComparedFleet, type CompareOptions, compareFleet } from './calibrate/compare-fleet.ts';
export { type Comparison, type DeviceOffset, describeOffset } from './calibrate/comparison.ts';
export { type Fleet, type FleetOptions, openFleet } from './coordinate/fleet.ts';
export { type DeviceClass, describeClass } from './roll/device-class.ts';
export { type ClassState, type FleetState, readFleet } from './roll/read-fleet.ts';
export type { ListedWorker, WorkerState } from './roll/worker-state.ts';
export { runWorker, type WorkerEvent, type WorkerOptions, type WorkerSummary } from './work/worker.ts';
