import { type AnyKernel, blockGraph, type KernelConfig } from '@nnm/core';
import { type CanonicalForm, type CanonicalOptions, canonicalForm } from './canonical-form.ts';
import { type Example, findFormula, type KeyFormula } from './key-formula.ts';
import { withFoldedBatchNorms } from './part-forms.ts';
import { nodesOf, type PartNode } from './part-node.ts';

/** One structure that the graphs of a kernel have, and how a configuration is read from its sizes. */
export interface KernelTemplate {
  readonly kernel: AnyKernel;
  /** Text of its canonical form. */
  readonly text: string;
  /** The ops of one such graph, and its outputs. */
  readonly nodes: readonly PartNode[];
  readonly outputs: readonly string[];
  /** By key; absent where sizes do not say it. */
  readonly formulas: ReadonlyMap<string, KeyFormula | undefined>;
}

/** The ops of a kernel's graph as they are compared: as they are, or with batch normalisations in the weights. */
export interface BlockForm {
  readonly nodes: readonly PartNode[];
  readonly outputs: readonly string[];
}

/** What a kernel's block makes of a configuration. */
export function blockForm(kernel: AnyKernel, config: KernelConfig, batchSize: number, folded: boolean): BlockForm {
  const graph = blockGraph(new kernel.block(config, batchSize));
  const nodes = nodesOf(graph);
  return { nodes: folded ? withFoldedBatchNorms(nodes) : nodes, outputs: graph.outputs };
}

/** Learn the structures of a kernel from graphs that its block makes of a few configurations. */
export function learnTemplates(
  kernel: AnyKernel,
  configs: readonly KernelConfig[],
  options: CanonicalOptions,
  folded: boolean,
): readonly KernelTemplate[] {
  const byText = new Map<string, { readonly form: BlockForm; readonly examples: Example[] }>();
  for (const config of configs) {
    const form = blockForm(kernel, config, 1, folded);
    const { text, numbers }: CanonicalForm = canonicalForm(form.nodes, form.outputs, options);
    const known = byText.get(text) ?? { form, examples: [] };
    byText.set(text, known);
    known.examples.push({ config, numbers });
  }
  const keys = Object.keys(kernel.configSpace);
  return [...byText].map(([text, { form, examples }]) => ({
    kernel,
    text,
    ...form,
    formulas: new Map(keys.map((key) => [key, findFormula(key, examples)])),
  }));
}
