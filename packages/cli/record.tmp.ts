// records progress events of a small build on the real runtime
import { writeFileSync } from 'node:fs';
import { buildPredictorForKernel, createRegistry, memoryContext } from '@nnm/builder';
import conv from '@nnm/kernels-conv'; import tflite from '@nnm/backend-tflite';
const context = memoryContext(createRegistry([conv, tflite]), { backend: 'tflite_cpu', kernels: { 'conv-bn-relu': { initSampleNum: 60, iteration: 1, holdoutSampleNum: 20 } } }, { timeLeftMs: undefined as never });
const t0 = performance.now(); const events: unknown[] = [];
for await (const e of buildPredictorForKernel('conv-bn-relu', context)) { if (e.type === 'profile' && e.event.type === 'progress') events.push([Math.round(performance.now() - t0), e.event.leftMs === undefined ? null : Math.round(e.event.leftMs), e.event.done, e.event.jobs]); }
writeFileSync('/tmp/recorded.json', JSON.stringify({ events })); console.log(events.length);
