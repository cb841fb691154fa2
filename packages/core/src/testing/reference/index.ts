export { ReferenceBackend } from './reference-backend.ts';
export { runReference } from './run-reference.ts';
export { maxRelativeError, randomTensors } from './tensors.ts';
