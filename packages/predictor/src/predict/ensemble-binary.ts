import type { SerialisedRegressor } from '@nnm/core';
import { decodeFloats, encodeFloats } from './float-column.ts';
import { MAX_FEATURES, MAX_RIGHT_OFFSET, nodeFeature, packNode, type TreeEnsemble } from './tree-ensemble.ts';

/** Version of the binary layout below. */
const LAYOUT = 1;

/**
 * An ensemble as JSON facts and compact bytes, little-endian: for every node in pre-order `feature + 1`, or 0 for a leaf (one byte, two
 * beyond 254 features), then the thresholds, then the leaf values. Pre-order says where every child stands.
 */
export function serialiseEnsemble(ensemble: TreeEnsemble, facts: Readonly<Record<string, unknown>> = {}): SerialisedRegressor {
  const nodes = ensemble.words.length / 2;
  const width = ensemble.featureCount > 254 ? 2 : 1;
  const kinds = new Uint8Array(nodes * width);
  const thresholds: number[] = [];
  const leaves: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const word = ensemble.words[node * 2 + 1]!;
    const kind = word === 0 ? 0 : nodeFeature(word) + 1;
    kinds[node * width] = kind;
    if (width === 2) kinds[node * 2 + 1] = kind >>> 8;
    (word === 0 ? leaves : thresholds).push(ensemble.floats[node * 2]!);
  }
  const columns = [encodeFloats(Float32Array.from(thresholds)), encodeFloats(Float32Array.from(leaves))];
  const binary = new Uint8Array(kinds.length + columns[0]!.length + columns[1]!.length);
  binary.set(kinds);
  binary.set(columns[0]!, kinds.length);
  binary.set(columns[1]!, kinds.length + columns[0]!.length);
  const { base, scale, featureCount, roots } = ensemble;
  return { json: { layout: LAYOUT, trees: roots.length, nodes, featureCount, base, scale, ...facts }, binary };
}

/** True for what {@link serialiseEnsemble} wrote, in whatever layout. */
export function isEnsemble({ json }: SerialisedRegressor): boolean {
  return ['layout', 'trees', 'nodes', 'featureCount'].every((key) => key in json);
}

/**
 * The ensemble that {@link serialiseEnsemble} wrote.
 *
 * @throws RangeError saying what is wrong with the bytes; the reader of the file turns it into an error that names the file
 */
export function deserialiseEnsemble({ json, binary }: SerialisedRegressor): TreeEnsemble {
  if (json.layout !== LAYOUT) throw new RangeError(`the trees have layout ${String(json.layout)}, this version reads layout ${LAYOUT}`);
  const trees = count(json, 'trees');
  const nodes = count(json, 'nodes');
  const featureCount = count(json, 'featureCount');
  const { base, scale } = json;
  if (!Number.isFinite(base) || !Number.isFinite(scale))
    throw new RangeError('`model.json.base` and `model.json.scale` must be finite numbers');
  if (featureCount > MAX_FEATURES) throw new RangeError(`the trees use ${featureCount} features, more than ${MAX_FEATURES}`);
  const width = featureCount > 254 ? 2 : 1;
  if (nodes * width > binary.length) throw new RangeError('the trees end too soon');
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  const thresholds = decodeFloats(view, nodes * width);
  const leaves = decodeFloats(view, thresholds.end);
  if (leaves.end !== binary.length) throw new RangeError('the trees are followed by unknown bytes');
  if (thresholds.values.length + leaves.values.length !== nodes) throw new RangeError('the trees lack thresholds or leaves');

  if (![thresholds.values, leaves.values].every((values) => values.every(Number.isFinite))) {
    throw new RangeError('a threshold or a leaf of the trees is not a finite number');
  }

  const words = new Int32Array(nodes * 2);
  const floats = new Float32Array(words.buffer);
  const roots = new Int32Array(trees);
  const waiting = new Int32Array(nodes + 1);
  let waitingCount = 0;
  let tree = 0;
  let threshold = 0;
  let leaf = 0;
  let afterLeaf = true;
  for (let node = 0; node < nodes; node++) {
    if (afterLeaf && waitingCount > 0) {
      const parent = waiting[--waitingCount]!;
      if (node - parent > MAX_RIGHT_OFFSET) throw new RangeError('a tree is too large');
      words[parent * 2 + 1] = packNode(words[parent * 2 + 1]!, node - parent);
    } else if (afterLeaf) {
      if (tree === trees) throw new RangeError('there are more trees than announced');
      roots[tree++] = node;
    }
    const kind = width === 1 ? binary[node]! : view.getUint16(node * 2, true);
    afterLeaf = kind === 0;
    if (afterLeaf) {
      floats[node * 2] = leaves.values[leaf++]!;
    } else {
      if (kind > featureCount) throw new RangeError(`a node splits on feature ${kind} of ${featureCount}`);
      floats[node * 2] = thresholds.values[threshold++]!;
      words[node * 2 + 1] = kind - 1;
      waiting[waitingCount++] = node;
    }
  }
  if (waitingCount > 0 || !afterLeaf || tree !== trees) throw new RangeError('a tree is incomplete');
  return { featureCount, base: base as number, scale: scale as number, roots, words, floats };
}

function count(json: Readonly<Record<string, unknown>>, key: string): number {
  const value = json[key];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new RangeError(`\`${key}\` must be a whole number`);
  return value;
}
