import { tfjsCpu, tfjsWasm, tfjsWebgl, tfjsWebgpu } from '@nnm/backend-tfjs';
import { type AnyBackend, type Graph, NnmError, placeBackend, Rng } from '@nnm/core';
import { edgeGraphs, maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import deviceBrowser from '@nnm/device-browser';
import { openProfilerSession } from '@nnm/profiler';
import { describe, expect, it } from 'vitest';
import { browserMissing, CHROMIUM, SOFTWARE_GPU } from '../packages/device-browser/src/__fixtures__/debian-browsers.ts';

/**
 * The CPU's backends are as exact as in Node. WebGL and WebGPU let a shader's exponential and trigonometric functions be off by a few units of
 * 2^-11 relative to their argument (GLSL ES 3.0, 4.5.1; WGSL, "accuracy of built-in functions"), which is 1e-3.
 */
const TOLERANCES: readonly (readonly [AnyBackend, number])[] = [
  [tfjsWasm, 1e-4],
  [tfjsCpu, 1e-4],
  [tfjsWebgl, 1e-3],
  [tfjsWebgpu, 1e-3],
];

/** The first graph of each operator, and what convolutions have fused into them. */
function graphs(): readonly { readonly name: string; readonly graph: Graph }[] {
  const seen = new Set<string>();
  return edgeGraphs().filter(({ graph }) => {
    const what = [...new Set(graph.ops.map(({ op }) => op))].join();
    const isNew = !seen.has(what);
    seen.add(what);
    return isNew;
  });
}

/** Undefined for an operator that is refused by name; anything else is a fault. */
function refusal(error: unknown): undefined {
  if (!NnmError.isInstance(error) || error.code !== 'ERR_UNSUPPORTED_OPERATOR') throw error;
}

if (browserMissing !== undefined) console.warn(`skipped: no browser is started: ${browserMissing}`);

describe.skipIf(browserMissing !== undefined)('in Chromium (needs /usr/bin/chromium)', () => {
  it.each(TOLERANCES.map(([backend, tolerance]) => [backend.id, backend, tolerance] as const))(
    '%s computes what the reference does',
    async (_, backend, tolerance) => {
      const kind = deviceBrowser.devices![0]!;
      const device = kind.open(kind.parseSettings({ BROWSER: CHROMIUM, BROWSER_ARGS: SOFTWARE_GPU }), backend);
      const session = await openProfilerSession({
        backend: placeBackend(backend, device),
        settings: backend.parseSettings({}),
        levelsFile: false,
      });
      const failures: string[] = [];
      for (const { name, graph } of graphs()) {
        const inputs = randomTensors(graph, new Rng(1));
        const model = await Promise.resolve(graph)
          .then((one) => backend.convert(one, 'tensorflow'))
          .catch(refusal);
        if (model === undefined) continue;
        const outputs = await session.execute(model, inputs).catch((error: Error) => error);
        const error = outputs instanceof Error ? outputs.message : maxRelativeError(outputs, runReference(graph, inputs, 'tensorflow'));
        if (!(Number(error) <= tolerance)) failures.push(`${name}: ${error}`);
      }
      await session.close();
      await device.close();
      expect(failures).toEqual([]);
    },
  );
});
