import { count } from '../attributes.ts';
import type { OpBase, Operator } from '../operator.ts';
import { channelsOf, emptyValue } from '../reference-value.ts';
import type { ValueId } from '../values.ts';
import { imageSizes } from '../window.ts';

/**
 * Channel `g * (c / groups) + i` moves to `i * groups + g`.
 *
 * @shapes `[n, h, w, c]` to the same
 */
export interface ChannelShuffleOp extends OpBase {
  readonly op: 'channelShuffle';
  readonly groups: number;
}

/** Methods of `GraphBuilder`. */
export interface ChannelShuffleMethods {
  /** Mix the channels of so many groups. */
  channelShuffle(x: ValueId, groups: number): ValueId;
}

export const channelShuffle: Operator<ChannelShuffleOp, ChannelShuffleMethods> = {
  op: 'channelShuffle',
  attributes: { groups: count },
  methods: {
    channelShuffle: (writer, x, groups) => writer.add<ChannelShuffleOp>({ op: 'channelShuffle', inputs: [x], groups }),
  },
  infer({ groups }, [x], fail) {
    const [, , , c] = imageSizes(x, fail);
    if (c % groups !== 0) fail(`cannot shuffle ${c} channels in ${groups} groups`);
    return [x!];
  },
  flops: () => 0,
  compute({ groups }, { inputs: [x] }) {
    const output = emptyValue(x!.shape);
    const channels = channelsOf(x!);
    const perGroup = channels / groups;
    for (let pixel = 0; pixel < x!.data.length; pixel += channels) {
      for (let g = 0; g < groups; g++) {
        for (let i = 0; i < perGroup; i++) output.data[pixel + i * groups + g] = x!.data[pixel + g * perGroup + i]!;
      }
    }
    return [output];
  },
  edges: {},
};
