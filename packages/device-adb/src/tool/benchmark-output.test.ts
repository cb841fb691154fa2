import { describe, expect, it } from 'vitest';
import { readBenchmark, reasonOf } from './benchmark-output.ts';
import { typicalRun } from './typical-run.ts';

/** TensorFlow Lite of 2024 on an Android phone, in a terminal of the phone. */
const NEW = `INFO: STARTING!
INFO: Log parameter values verbosely: [0]
INFO: Min num runs: [5]
INFO: Min warmup runs: [50]
INFO: Graph: [./model.tflite]
INFO: Signature to run: []
INFO: Loaded model ./model.tflite
INFO: Initialized TensorFlow Lite runtime.
INFO: Created TensorFlow Lite XNNPACK delegate for CPU.
VERBOSE: Replacing 2136 out of 2168 node(s) with delegate (TfLiteXNNPackDelegate) node, yielding 65 partitions for subgraph 0.
INFO: The input model file size (MB): 8.45746
INFO: Initialized session in 143.669ms.
INFO: Running benchmark for at least 50 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.

INFO: count=50 first=72635 curr=42240 min=42134 max=72635 avg=43536.2 std=4813 p5=42168 median=42430 p95=49447

INFO: Running benchmark for at least 5 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
INFO: count=24 first=42142 curr=42232 min=42142 max=42763 avg=42435.4 std=147 p5=42232 median=42405 p95=42729

INFO: Inference timings in us: Init: 143669, First inference: 72635, Warmup (avg): 43536.2, Inference (avg): 42435.4
`;

/** TensorFlow Lite 2.4 to 2.7 on a desktop and in QEMU: no prefix, one warm-up run, a mean with an exponent, then tables of operators. */
const MIDDLE = `STARTING!
Num threads: [4]
Graph: [./mobilenet_v1_1.0_224.tflite]
Enable op profiling: [1]
Loaded model ./mobilenet_v1_1.0_224.tflite
Initialized session in 17.187ms.
Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
count=1 curr=3512391

Running benchmark for at least 50 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
count=50 first=2990275 curr=2913402 min=2727568 max=3189954 avg=2.95034e+06 std=109798

Inference timings in us: Init: 17187, First inference: 3512391, Warmup (avg): 3.51239e+06, Inference (avg): 2.95034e+06
Timings (microseconds): count=50 first=2990000 curr=2910000 min=2720000 max=3180000 avg=2.94e+06 std=109798
Memory (bytes): count=0
31 nodes observed
`;

/** TensorFlow Lite of 2018. */
const OLD = `STARTING!
count=4 first=134212 curr=136001 min=134212 max=136900 avg=135310 std=900

count=50 first=108164 curr=128308 min=102850 max=197072 avg=150805 std=24368

Timings (microseconds): count=50 first=108164 curr=128308 min=102850 max=197072 avg=150000 std=24368
Average inference timings in us: Warmup: 135310, Init: 12123, no stats: 150988
`;

describe('readBenchmark', () => {
  it('reads the median of a version that prints it', () => {
    expect(readBenchmark(NEW)).toEqual({
      warmup: { runs: 50, minUs: 42134, meanUs: 43536.2, medianUs: 42430 },
      timed: { runs: 24, minUs: 42142, meanUs: 42435.4, medianUs: 42405 },
      printsMedian: true,
      xnnpack: true,
    });
  });

  it('reads versions that print none, and takes the sum of operators for no run', () => {
    expect(readBenchmark(MIDDLE)).toEqual({
      warmup: { runs: 1, minUs: 3512391, meanUs: 3512391, medianUs: 3512391 },
      timed: { runs: 50, minUs: 2727568, meanUs: 2950340 },
      printsMedian: false,
      xnnpack: false,
    });
    expect(readBenchmark(OLD)?.timed).toEqual({ runs: 50, minUs: 102850, meanUs: 150805 });
  });

  it('reads runs that all took the same', () => {
    expect(readBenchmark('count=9 curr=3(all same)\ncount=900 curr=3(all same)\n')?.timed).toEqual({
      runs: 900,
      minUs: 3,
      meanUs: 3,
      medianUs: 3,
    });
  });

  it('knows XNNPACK by the words of every version', () => {
    const says = (line: string) => readBenchmark(`${line}\ncount=1 curr=3\ncount=1 curr=3\n`)?.xnnpack;
    expect(says('XNNPACK delegate created.')).toBe(true);
    expect(
      says('Explicitly applied XNNPACK delegate, and the model graph will be partially executed by the delegate w/ 22 delegate kernels.'),
    ).toBe(true);
    expect(says('Use xnnpack: [1]')).toBe(false);
  });

  it('reads nothing from what is cut short', () => {
    expect(readBenchmark(NEW.slice(0, NEW.indexOf('INFO: count=24')))).toBeUndefined();
    expect(readBenchmark('count=0\ncount=0\n')).toBeUndefined();
  });

  it('finds the reason of a failure', () => {
    expect(reasonOf('INFO: STARTING!\nERROR: Failed to load graph.\nERROR: Benchmarking failed.\n', 'none')).toBe('Failed to load graph');
    expect(reasonOf('', 'none')).toBe('none');
  });
});

describe('typicalRun', () => {
  it('lets the mean say what whole microseconds hide, and no more', () => {
    expect(typicalRun({ runs: 400, minUs: 12, meanUs: 12.4, medianUs: 12 })).toMatchObject({ typicalMs: 0.0124, stepMs: 0.00005 });
    // An interruption of 100 ms moves the mean, not the median.
    expect(typicalRun({ runs: 400, minUs: 12, meanUs: 262, medianUs: 12 }).typicalMs).toBe(0.0125);
    expect(typicalRun({ runs: 5, minUs: 9000, meanUs: 9500 }).typicalMs).toBe(9.5);
  });
});
