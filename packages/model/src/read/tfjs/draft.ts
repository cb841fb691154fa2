import type { ElementType, ModelNode, ModelTensor } from '../../graph/model-graph.ts';

/** A model whose shapes are known at its inputs and constants alone. */
export interface ModelDraft {
  readonly inputs: readonly DraftInput[];
  /** Constants. */
  readonly constants: readonly ModelTensor[];
  /** In execution order. */
  readonly nodes: readonly ModelNode[];
  readonly outputs: readonly string[];
  /** Element type of a computed value. */
  typeOf(name: string): ElementType;
}

/** An input; -1 stands for an open size, and no shape for one of which even the number of axes is open. */
export interface DraftInput {
  readonly name: string;
  readonly shape?: readonly number[];
  readonly dtype: ElementType;
}
