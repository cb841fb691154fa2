import type { ModelNode } from '../../../graph/model-graph.ts';
import type { Match } from './match.ts';
import type { Spelling } from './spelling.ts';

/** `Reshape`, `Transpose`, `Reshape`: channels of so many groups mixed. */
const channelShuffle: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Reshape') return undefined;
  const swapped = match.maker(anchor.inputs[0], 'Transpose');
  const grouped = match.maker(swapped?.inputs[0], 'Reshape');
  const x = grouped?.inputs[0];
  const [shape, parts] = [match.tensor(x)?.shape, match.tensor(grouped?.outputs[0])?.shape];
  const isShuffle = String(swapped?.attributes.perm) === '0,2,1,3,4' && shape?.length === 4 && parts?.length === 5;
  const isKept =
    isShuffle && parts[3] === shape[2] && parts[4] === shape[3] && match.tensor(anchor.outputs[0])?.shape?.join() === shape.join();
  if (x === undefined || !isKept) return undefined;
  return { ...anchor, operator: 'nnm::ChannelShuffle', attributes: { groups: parts[1] as number }, inputs: [x] };
};

const axesOf = (match: Match, node: ModelNode): string => String(match.tensor(node.inputs[1])?.values ?? node.attributes.axes);

/** Values that each get an axis, joined along it. */
const pack: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Concat' || typeof anchor.attributes.axis !== 'number') return undefined;
  const parts = anchor.inputs.map((name) => match.maker(name, 'Unsqueeze'));
  const rank = match.tensor(anchor.outputs[0])?.shape?.length ?? 0;
  const axis = anchor.attributes.axis < 0 ? anchor.attributes.axis + rank : anchor.attributes.axis;
  const isPack = parts.every((part) => part !== undefined && [axis, axis - rank].map(String).includes(axesOf(match, part)));
  if (!isPack || new Set(anchor.inputs).size !== anchor.inputs.length) return undefined;
  return { ...anchor, operator: 'nnm::Pack', attributes: { axis }, inputs: parts.map((part) => part?.inputs[0] as string) };
};

/** Parts of size 1 whose axis is taken away. */
const unpack: Spelling = (match, anchor) => {
  if (anchor.operator !== 'Split') return undefined;
  const shape = match.tensor(anchor.inputs[0])?.shape ?? [];
  const given = Number(anchor.attributes.axis ?? 0);
  const axis = given < 0 ? given + shape.length : given;
  if (shape[axis] !== anchor.outputs.length) return undefined;
  const squeezed = anchor.outputs.map((name) => match.readersOf(name, 'Squeeze'));
  const outputs = squeezed.map((nodes) => (nodes?.length === 1 ? nodes[0]?.outputs[0] : undefined));
  if (outputs.includes(undefined)) return undefined;
  const whole = shape.filter((_, at) => at !== axis).join();
  if (outputs.some((name) => match.tensor(name)?.shape?.join() !== whole)) return undefined;
  return { ...anchor, operator: 'nnm::Unpack', attributes: { axis }, inputs: anchor.inputs.slice(0, 1), outputs: outputs as string[] };
};

export const MOVEMENTS: readonly Spelling[] = [channelShuffle, pack, unpack];
