import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOperatorProfile } from './operator-profile.ts';

/**
 * What versions of `benchmark_model` print with `--enable_op_profiling=true`, shortened: its README of 2018, an EfficientDet of 2023 on Linux,
 * and files of 2021 and 2024 that were written with `--profiling_output_csv_file`, the last one put together from its formatter's source.
 */
const said = (name: string): string => readFileSync(new URL(`../__fixtures__/profiles/tensorflow-${name}`, import.meta.url), 'utf8');

describe('readOperatorProfile', () => {
  it('reads the table of 2018, which has a start and counts no calls', () => {
    expect(readOperatorProfile(said('2018.txt'))).toEqual([
      { operators: ['CONV_2D'], values: ['MobilenetV1/MobilenetV1/Conv2d_0/Relu6'], latencyMs: 9.132 },
      { operators: ['DEPTHWISE_CONV_2D'], values: ['MobilenetV1/MobilenetV1/Conv2d_1_depthwise/Relu6'], latencyMs: 3.28 },
      { operators: ['AVERAGE_POOL_2D'], values: ['MobilenetV1/Logits/AvgPool_1a/AvgPool'], latencyMs: 0.045 },
      { operators: ['SOFTMAX'], values: ['MobilenetV1/Predictions/Softmax'], latencyMs: 0.038 },
    ]);
  });

  it('reads the table of 2023, with what runs within the delegate, and nothing of the initialisation', () => {
    expect(readOperatorProfile(said('2023.txt'))).toEqual([
      { operators: ['QUANTIZE'], values: ['tfl.quantize'], latencyMs: 0.203 },
      { operators: ['Convolution (NHWC, QC8) IGEMM'], values: [], latencyMs: 0.407 },
      // 13 of them in one row, each 0.051 ms
      { operators: ['Convolution (NHWC, QC8) DWConv'], values: [], latencyMs: 0.663 },
      {
        operators: ['RESIZE_NEAREST_NEIGHBOR'],
        values: ['fpn_cells/cell_0/fnode2/resample_1_6_7/ResizeNearestNeighbor'],
        latencyMs: 0.005,
      },
      {
        operators: ['TFLite_Detection_PostProcess'],
        values: ['StatefulPartitionedCall:3', 'StatefulPartitionedCall:2'],
        latencyMs: 3.653,
      },
    ]);
  });

  it('reads the file, which has more digits', () => {
    expect(readOperatorProfile(said('2021.csv'))).toEqual([
      { operators: ['CONV_2D'], values: ['sequential_11/conv2d_33/Conv2D'], latencyMs: 0.0930388 },
      { operators: ['ELU'], values: ['sequential_11/dense_22/Elu'], latencyMs: 0.000645791 },
      { operators: ['SOFTMAX'], values: ['Identity'], latencyMs: 0.000342312 },
    ]);
  });

  it('puts what runs within a delegate in its place, with what is left of it', () => {
    expect(readOperatorProfile(said('2024.csv'))).toEqual([
      { operators: ['Convolution (NHWC, F32) IGEMM'], values: [], latencyMs: 0.1999 },
      { operators: ['HardSwish (NC)'], values: [], latencyMs: 0.0656 },
      { operators: ['Convolution (NHWC, F32) DWConv'], values: [], latencyMs: 0.0408 },
      { operators: ['Sum (ND) Reduce'], values: [], latencyMs: 0.0148 },
      { operators: ['TfLiteXNNPackDelegate'], values: [], latencyMs: 0.0789 },
      { operators: ['SOFTMAX'], values: ['StatefulPartitionedCall:0'], latencyMs: 0.1 },
    ]);
  });

  it('takes the file for the profile where there is a table too', () => {
    expect(readOperatorProfile(`${said('2023.txt')}${said('2021.csv')}`)).toHaveLength(3);
  });

  it('keeps to the main graph', () => {
    const table = said('2021.csv').slice(said('2021.csv').indexOf('Operator-wise'));
    const called = table.replace('Operator-wise Profiling Info for Regular Benchmark Runs:', 'Subgraph (index: 1, name: body) profile:');
    expect(readOperatorProfile(`${table}\n${called}`)).toHaveLength(3);
  });

  it('reads a terminal, where tabs are spaces and lines end as on Windows', () => {
    const shown = said('2023.txt').replaceAll('\t', '        ').replaceAll('\n', '\r\n');
    expect(readOperatorProfile(shown)).toEqual(readOperatorProfile(said('2023.txt')));
  });

  it('finds no profile where there is none, or of the initialisation alone', () => {
    expect(readOperatorProfile('INFO: count=50 first=1 curr=2 min=1 max=3 avg=2 std=1\n')).toBeUndefined();
    const started = said('2023.txt').slice(0, said('2023.txt').indexOf('INFO: Operator-wise'));
    expect(readOperatorProfile(started)).toBeUndefined();
  });
});
