import { readNotes } from '../lowering/model-metadata.ts';
import { cutOut } from './cut-out.ts';
import { surround } from './surround.ts';

/** What a part is timed as, besides computing what it computes: taken from an optimised model, to be run without further optimisation. */
export interface PartPlan {
  /** To be optimised. */
  readonly model: Uint8Array;
  /** @returns undefined where the part cannot be told apart from its neighbours any more */
  cutOut(optimised: Uint8Array): Uint8Array | undefined;
}

/**
 * How to time a part of a network as it runs there: ONNX Runtime keeps channels in blocks and reorders them at the boundary of a model. A
 * part on its own has two such reorders that it does not have in a network, and other neighbours than there.
 *
 * @returns undefined for a whole model, and for a part without images
 */
export function planPart(model: Uint8Array): PartPlan | undefined {
  if (!isPart(model)) return undefined;
  const surrounded = surround(model);
  return surrounded && { model: surrounded.model, cutOut: (optimised) => cutOut(optimised, surrounded) };
}

function isPart(model: Uint8Array): boolean {
  try {
    return readNotes(model).isPart;
  } catch {
    // What cannot be read is no model: the runtime says what is wrong with it.
    return false;
  }
}
