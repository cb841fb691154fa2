export { type BackendContractOptions, backendContract } from './backend-contract.ts';
export { type ContractCase, type ContractResult, runContract } from './contract-case.ts';
export { type EdgeGraph, edgeGraphs } from './edge-graphs.ts';
export { type KernelContractOptions, kernelContract } from './kernel-contract.ts';
export { type RegressorContractOptions, regressorContract } from './regressor-contract.ts';
export { type BackendUnderTest, startRuntime } from './start-runtime.ts';
