import { BaseBackend, InvalidSettingsError, type LoadedModel, type Runtime, RuntimeFailureError } from '../../backend/index.ts';
import { NnmError } from '../../errors/index.ts';
import { type Graph, type Implement, inferShapes } from '../../graph/index.ts';
import { Rng } from '../../random/index.ts';
import { runReference } from './run-reference.ts';
import { randomTensors } from './tensors.ts';

/**
 * A backend that runs {@link runReference}: right, slow, and without any inference runtime. Its model files are JSON.
 *
 * For tests of kernels and plugins; its latencies say nothing about a device.
 */
export class ReferenceBackend extends BaseBackend<Record<string, never>> {
  readonly id: string = 'reference';
  readonly description: string = 'the plain float64 reference of @nnm/core/testing';
  readonly implement = ['tensorflow', 'torch'] as const;
  readonly modelExtension = '.json';
  readonly settingsTemplate: string = '# The reference has no settings.\n';

  override parseSettings(raw: unknown): Record<string, never> {
    const isMapping = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    const problems = isMapping
      ? Object.keys(raw).map((key) => ({ key, message: 'is not a setting of the reference' }))
      : [{ message: 'must be a mapping' }];
    if (problems.length > 0) throw new InvalidSettingsError({ backend: this.id, problems });
    return {};
  }

  override convert(graph: Graph, implement: Implement): Uint8Array {
    return new TextEncoder().encode(JSON.stringify({ graph, implement }));
  }

  readonly runtime = (): Runtime => {
    const backend = this.id;
    return {
      info: { runtime: 'nnm reference', version: '1', threads: 1, options: {} },
      load: (bytes) => load(backend, bytes),
      close: () => undefined,
    };
  };
}

function load(backend: string, bytes: Uint8Array): LoadedModel {
  let model: { graph: Graph; implement: Implement };
  try {
    model = JSON.parse(new TextDecoder().decode(bytes)) as typeof model;
    inferShapes(model.graph);
  } catch (cause) {
    const reason = NnmError.isInstance(cause) ? cause.message : 'the bytes are not a JSON model';
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason }, { cause });
  }
  const { graph, implement } = model;
  const idle = randomTensors(graph, new Rng(0));
  return {
    run: () => void runReference(graph, idle, implement),
    execute: (inputs) => runReference(graph, inputs, implement),
    close: () => undefined,
  };
}
