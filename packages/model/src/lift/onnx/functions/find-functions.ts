import type { ModelGraph } from '../../../graph/model-graph.ts';
import { ACTIVATIONS } from './activations.ts';
import { LAYERS } from './layers.ts';
import { Match, ModelLinks } from './match.ts';
import { MOVEMENTS } from './movements.ts';
import { NORMALISATIONS } from './normalisations.ts';
import type { Spelling, Unit } from './spelling.ts';

/** Tried in this order: what holds others first. */
const SPELLINGS: readonly Spelling[] = [...NORMALISATIONS, ...ACTIVATIONS, ...LAYERS, ...MOVEMENTS];

/**
 * Each node on its own, or with others that spell out one function: what ONNX Runtime runs as one too, and what nnm's own backend writes for one
 * operator.
 *
 * @param units - nodes one by one, in execution order
 */
export function findFunctions(units: readonly Unit[], model: ModelGraph): readonly Unit[] {
  const links = new ModelLinks(units, model);
  const found = new Map<number, Unit>();
  const taken = new Set<number>();
  for (let at = units.length - 1; at >= 0; at--) {
    if (taken.has(at)) continue;
    const unit = findFunction(at, units, links, taken);
    if (unit !== undefined) found.set(at, unit);
  }
  return units.flatMap((unit, at) => found.get(at) ?? (taken.has(at) ? [] : unit));
}

function findFunction(at: number, units: readonly Unit[], links: ModelLinks, taken: Set<number>): Unit | undefined {
  for (const spelling of SPELLINGS) {
    const match = new Match(links, at);
    const node = spelling(match, (units[at] as Unit).node);
    if (node === undefined || !match.isClosed(node.outputs) || match.positions.some((position) => taken.has(position))) continue;
    for (const position of match.positions) taken.add(position);
    const nodes = match.positions.flatMap((position) => (units[position] as Unit).nodes);
    return { node, nodes: [...nodes].sort((a, b) => a - b) };
  }
  return undefined;
}
