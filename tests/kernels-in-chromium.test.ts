import { existsSync } from 'node:fs';
import litert from '@nnm/backend-litert';
import tfjs from '@nnm/backend-tfjs';
import torch from '@nnm/backend-torch';
import { type AnyBackend, createRegistry, type Device, NnmError, placeBackend } from '@nnm/core';
import { maxRelativeError } from '@nnm/core/testing';
import deviceBrowser from '@nnm/device-browser';
import { openProfilerSession, type ProfilerSession } from '@nnm/profiler';
import { describe, expect, it } from 'vitest';
import { browserMissing, CHROMIUM, SOFTWARE_GPU } from '../packages/device-browser/src/__fixtures__/debian-browsers.ts';
import { KERNELS, kernelCases } from './kernel-cases.ts';

/** Larger ones are the same operators, and take seconds each on a GPU that is software. */
const MOST_FLOPS = 1e5;
/** Kernels printed for each backend: those that are furthest from the reference. */
const SHOWN = 5;
const FOLDER = '/usr/lib/chromium';
const DRIVER = `${FOLDER}/vk_swiftshader_icd.json`;

const registry = createRegistry([tfjs, litert, torch]);

/** Kernels that a runtime refuses in some configuration: it lacks an operator, or is wrong about it. docs/backends.md names them. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  tfjs_webgpu: ['split-heads', 'transpose-heads', 'transpose-windows'],
  ort_webgpu: ['arg-max', 'log-softmax', 'space-to-depth'],
  litert_webgpu: [
    ...['arg-max', 'channelshuffle', 'depth-to-space', 'expand-dims', 'gather', 'log-softmax', 'space-to-depth', 'split-heads', 'squeeze'],
    ...['transpose-heads', 'transpose-windows', 'transposed-conv'],
  ],
};

/** What takes a GPU of software so long to compile that Chromium ends its process. */
const LEFT_OUT: Readonly<Record<string, RegExp>> = { litert_webgpu: /^split .*4096/ };

interface Place {
  readonly session: ProfilerSession;
  readonly device?: Device;
}

async function openInChromium(backend: AnyBackend): Promise<Place> {
  const kind = deviceBrowser.devices![0]!;
  const device = kind.open(kind.parseSettings({ BROWSER: CHROMIUM, BROWSER_ARGS: SOFTWARE_GPU }), backend);
  return { device, session: await open(placeBackend(backend, device)) };
}

const open = (backend: AnyBackend): Promise<ProfilerSession> =>
  openProfilerSession({ backend, settings: backend.parseSettings({}), levelsFile: false });

/** Every kernel on one runtime in one place: how far it is from the reference, and which kernels are refused. */
async function compare(backend: AnyBackend, { session, device }: Place) {
  const [implement] = backend.implement;
  const wrong: string[] = [];
  const refused = new Set<string>();
  const errors = new Map<string, number>();
  for (const kernel of KERNELS) {
    for (const { what, graph, inputs, reference, tolerance } of kernelCases(kernel, MOST_FLOPS)) {
      if (LEFT_OUT[backend.id]?.test(what)) continue;
      try {
        const outputs = await session.execute(await backend.convert(graph, implement), inputs);
        const error = maxRelativeError(outputs, reference(implement));
        errors.set(kernel.type, Math.max(error, errors.get(kernel.type) ?? 0));
        if (!(error <= tolerance)) wrong.push(`${what}: ${error}`);
      } catch (error) {
        if (!NnmError.isInstance(error) || !['ERR_UNSUPPORTED_OPERATOR', 'ERR_RUNTIME_FAILURE'].includes(error.code)) throw error;
        refused.add(kernel.type);
      }
    }
  }
  await session.close();
  await device?.close();
  const furthest = [...errors].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  console.info(`${backend.id}: ${furthest.map(([type, error]) => `${type} ${error.toExponential(1)}`).join(', ')}`);
  return { wrong, refused: [...refused].sort() };
}

const isAsked = process.env.NNM_KERNELS_IN_CHROMIUM === '1';
const whyNot = isAsked ? browserMissing : 'it takes ten minutes; `npm run test:debian` runs it, and NNM_KERNELS_IN_CHROMIUM=1 alone';
if (whyNot !== undefined) console.warn(`skipped: every kernel in Chromium: ${whyNot}`);

describe.skipIf(whyNot !== undefined)(
  'every kernel agrees with the reference (needs /usr/bin/chromium and NNM_KERNELS_IN_CHROMIUM=1)',
  () => {
    it.each(['tfjs_wasm', 'tfjs_cpu', 'tfjs_webgl', 'tfjs_webgpu', 'litert_wasm', 'litert_webgpu', 'ort_wasm', 'ort_webgpu'])(
      'on %s in Chromium',
      async (id) => {
        const backend = registry.backend(id);
        expect(await compare(backend, await openInChromium(backend))).toEqual({ wrong: [], refused: REFUSED[id] ?? [] });
      },
    );

    it.skipIf(!existsSync(DRIVER))('on ort_webgpu in Node (needs the Debian package chromium-common)', async () => {
      // The runtime's process reads them when it starts.
      Object.assign(process.env, { LD_LIBRARY_PATH: FOLDER, VK_ICD_FILENAMES: DRIVER });
      const backend = registry.backend('ort_webgpu');
      expect(await compare(backend, { session: await open(backend) })).toEqual({ wrong: [], refused: REFUSED.ort_webgpu });
    });
  },
);
