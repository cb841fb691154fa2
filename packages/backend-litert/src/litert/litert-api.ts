/**
 * What nnm calls of LiteRT's WebAssembly module, version 2.5: what `@litertjs/core` itself is written on. It is called directly because a
 * run is synchronous here and a promise there, and because that package keeps one module for everybody. The package's own declarations
 * would change those of `Float32Array` for all of nnm.
 */
export interface LiteRtWasm {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  setupLogging(): void;
  loadModel(environment: Environment, address: number, bytes: number): Model;
  /** A promise in the build that can suspend. */
  compileModel(environment: Environment, model: Model, options: CompileOptions): CompiledModel | Promise<CompiledModel>;
  readonly LiteRtEnvironment: { create(device: GPUDevice | null): Environment };
  readonly LiteRtTensorBuffer: {
    createManaged(environment: Environment, kind: EnumValue, type: TensorType, bytes: number): TensorBuffer;
    createFromWebGpuBuffer(environment: Environment, type: TensorType, kind: EnumValue, buffer: number, bytes: number): TensorBuffer;
  };
  readonly LiteRtTensorBufferType: Readonly<Record<'HOST_MEMORY' | 'WEB_GPU_BUFFER_PACKED', EnumValue>>;
  readonly LiteRtTensorBufferLockMode: Readonly<Record<'READ' | 'WRITE', EnumValue>>;
  readonly WebGPU: { getJsObject(id: number): GPUBuffer; importJsBuffer(buffer: GPUBuffer): number };
  wgpuBufferRelease(buffer: number): void;
}

/** Something in WebAssembly's memory, which no garbage collector frees. */
interface Deletable {
  delete(): void;
}

export interface EnumValue {
  readonly value: number;
}

/** A list in WebAssembly's memory. */
export interface Vector<T> extends Deletable {
  size(): number;
  get(index: number): T;
}

/** LiteRT with its device. */
export type Environment = Deletable;

export interface CompileOptions {
  readonly accelerator: 'wasm' | 'webgpu';
  readonly cpuOptions: { readonly numThreads: number };
  readonly gpuOptions: { readonly precision: 'fp16' | 'fp32' };
  readonly webNNOptions: object;
}

export interface Model extends Deletable {
  getSignature(index: number): Signature;
  getInputTensorType(signature: number, input: number): TensorType;
  getOutputTensorType(signature: number, output: number): TensorType;
}

export interface Signature extends Deletable {
  inputNames(): Vector<string>;
  outputNames(): Vector<string>;
}

export interface TensorType extends Deletable {
  elementType(): EnumValue;
  layout(): Deletable & { dimensions(): Vector<number> };
  bytes(): number;
}

export interface CompiledModel extends Deletable {
  /** A promise in the build that can suspend. */
  run(signature: number, inputs: readonly TensorBuffer[]): TensorBuffer[] | Promise<TensorBuffer[]>;
  /** True when the accelerator took every operator. */
  isFullyAccelerated(): boolean;
}

/** A tensor in WebAssembly's memory, or in that of a GPU. */
export interface TensorBuffer extends Deletable {
  /** @returns the address of its elements */
  lock(mode: EnumValue): number;
  unlock(): void;
  size(): number;
  offset(): number;
  getWebGpuBuffer(): number;
}
