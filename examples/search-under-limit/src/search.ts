import { countMultiplyAdds, type Graph, GraphBuilder, type Rng } from '@nnm/core';
import type { ModelPredictor } from '@nnm/model';

/** Channels of each stage, and how often each widens them inside. */
export interface Widths {
  readonly channels: readonly number[];
  readonly expansion: readonly number[];
}

/** A network that was found, with what it takes. */
export interface Found {
  readonly widths: Widths;
  readonly latencyMs: number;
  /** Multiply-adds: what stands here for how good a network is. */
  readonly multiplyAdds: number;
}

/** Blocks and first stride of each stage, as MobileNet v2 has them. */
const STAGES = [
  { repeats: 1, strides: 1 },
  { repeats: 2, strides: 2 },
  { repeats: 3, strides: 2 },
  { repeats: 4, strides: 2 },
  { repeats: 3, strides: 1 },
  { repeats: 3, strides: 2 },
  { repeats: 1, strides: 1 },
] as const;

const WIDTHS = [8, 16, 24, 32, 48, 64, 96, 128, 160, 224, 320];
const EXPANSIONS = [2, 3, 4, 6];

/** A network of inverted residuals with these widths, on images of 224 pixels. */
export function networkOf({ channels, expansion }: Widths): Graph {
  const g = new GraphBuilder('candidate');
  const conv = (x: string, filters: number, kernelSize: number, strides: number): string =>
    g.batchNorm(g.conv2d(x, filters, { kernelSize, strides, useBias: false }));
  let x = g.activation(conv(g.input([1, 224, 224, 3]), 32, 3, 2), 'relu6');
  let width = 32;
  for (const [stage, { repeats, strides }] of STAGES.entries()) {
    for (let block = 0; block < repeats; block++) {
      const wide = g.activation(conv(x, width * expansion[stage]!, 1, 1), 'relu6');
      const depthwise = g.depthwiseConv2d(wide, { kernelSize: 3, strides: block === 0 ? strides : 1, useBias: false });
      const narrow = conv(g.activation(g.batchNorm(depthwise), 'relu6'), channels[stage]!, 1, 1);
      x = block > 0 ? g.add(x, narrow) : narrow;
      width = channels[stage]!;
    }
  }
  return g.build(g.dense(g.globalAvgPool(g.activation(conv(x, 1280, 1, 1), 'relu6')), 1000));
}

/** Widths drawn at random, growing with depth. */
export function drawWidths(rng: Rng): Widths {
  const channels = STAGES.map(() => rng.pick(WIDTHS)).sort((a, b) => a - b);
  return { channels, expansion: STAGES.map(() => rng.pick(EXPANSIONS)) };
}

function replaced(values: readonly number[], place: number, value: number): number[] {
  return values.map((old, index) => (index === place ? value : old));
}

/** The same widths but for one stage. */
function mutate({ channels, expansion }: Widths, rng: Rng): Widths {
  const stage = rng.integer(0, STAGES.length - 1);
  const changed = replaced(channels, stage, rng.pick(WIDTHS)).sort((a, b) => a - b);
  return { channels: changed, expansion: replaced(expansion, stage, rng.pick(EXPANSIONS)) };
}

/**
 * Look for the network with most multiply-adds whose latency is under a limit, by changing the best one found so far.
 *
 * @param limitMs - the upper end of the 80 % range has to be below it
 * @param candidates - networks to try
 * @returns undefined when none of them is fast enough
 */
export function searchWidths(predictor: ModelPredictor, limitMs: number, candidates: number, rng: Rng): Found | undefined {
  let best: Found | undefined;
  for (let tried = 0; tried < candidates; tried++) {
    const widths = best === undefined || rng.float() < 0.2 ? drawWidths(rng) : mutate(best.widths, rng);
    const graph = networkOf(widths);
    const { latencyMs, interval80 } = predictor.predict(graph).total;
    if (interval80.highMs > limitMs) continue;
    const multiplyAdds = countMultiplyAdds(graph);
    if (best === undefined || multiplyAdds > best.multiplyAdds) best = { widths, latencyMs, multiplyAdds };
  }
  return best;
}
