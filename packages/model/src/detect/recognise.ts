import { type AnyKernel, configProblems, type Graph, type KernelConfig } from '@nnm/core';
import type { DetectedKernel, LiftedModel } from '../lift/lifted-model.ts';
import { type CanonicalForm, type CanonicalOptions, canonicalForm } from './canonical-form.ts';
import { drawConfigs } from './draw-configs.ts';
import type { FusionRules } from './fusion-rules.ts';
import { blockForm, type KernelTemplate, learnTemplates } from './kernel-template.ts';
import { rowForms, withFoldedBatchNorms, withFoldedPadding } from './part-forms.ts';
import type { PartNode } from './part-node.ts';

/** A kernel and its configuration. */
export type Match = NonNullable<DetectedKernel['match']>;

/** Remembered parts; a search over architectures meets a few thousand. */
const REMEMBERED = 50_000;

/**
 * Knows kernels by the graphs that their blocks make.
 *
 * Learning the structures takes a millisecond or two per kernel, once; after that a part is looked up by its structure. A configuration is
 * read from the sizes of the part and proven: the block builds the graph of it, which must be the same.
 */
export class Recogniser {
  private readonly views = new Map<string, RecogniserView>();
  private readonly configs = new Map<AnyKernel, readonly KernelConfig[]>();

  /** @param kernels - of several that are the same graph, those with the fewest keys come first, then in this order */
  constructor(readonly kernels: readonly AnyKernel[]) {}

  /** What it knows under the conventions of a model and the rules of its runtime. */
  view({ implement, batchSize }: Pick<LiftedModel, 'implement' | 'batchSize'>, rules: FusionRules): RecogniserView {
    const { foldsBatchNorm, freePadding, freeBias } = rules;
    const key = `${implement},${batchSize},${foldsBatchNorm},${freePadding.join()},${freeBias.join()}`;
    const known = this.views.get(key);
    if (known !== undefined) return known;
    for (const kernel of this.kernels) if (!this.configs.has(kernel)) this.configs.set(kernel, drawConfigs(kernel));
    const view = new RecogniserView(this.configs, { implement, freePadding, freeBias }, batchSize, rules);
    this.views.set(key, view);
    return view;
  }
}

/** What a {@link Recogniser} knows under one set of conventions. */
export class RecogniserView {
  /** Structures of several ops, the largest first. */
  readonly patterns: readonly KernelTemplate[];
  private readonly plain: ReadonlyMap<string, readonly KernelTemplate[]>;
  private readonly folded: ReadonlyMap<string, readonly KernelTemplate[]>;
  private readonly matches = new Map<string, Match | undefined>();

  constructor(
    configs: ReadonlyMap<AnyKernel, readonly KernelConfig[]>,
    private readonly options: CanonicalOptions,
    private readonly batchSize: number,
    private readonly rules: Pick<FusionRules, 'foldsBatchNorm'>,
  ) {
    const learn = (folded: boolean): readonly KernelTemplate[] =>
      [...configs]
        .flatMap(([kernel, drawn]) => learnTemplates(kernel, drawn, options, folded))
        .sort((a, b) => Object.keys(a.kernel.configSpace).length - Object.keys(b.kernel.configSpace).length);
    const plain = learn(false);
    const folded = rules.foldsBatchNorm ? learn(true) : [];
    this.plain = byText(plain);
    this.folded = byText(folded);
    this.patterns = [...plain, ...folded]
      .filter(({ kernel, nodes }) => nodes.length > 1 && kernel.asOnePart !== true)
      .sort((a, b) => b.nodes.length - a.nodes.length);
  }

  /**
   * The kernel and configuration whose graph is exactly this part.
   *
   * @param nodes - in execution order
   * @param outputs - names of the values that others read
   * @param graph - the part as a graph of its own, for kernels that say themselves how they are recognised
   */
  recognise(nodes: readonly PartNode[], outputs: readonly string[], graph: () => Graph): Match | undefined {
    const padded = withFoldedPadding(nodes, this.options.freePadding);
    const exact = canonicalForm(padded, outputs, this.options);
    const key = `${exact.text} ${exact.numbers.join()}`;
    if (this.matches.has(key)) return this.matches.get(key);
    const match = this.search(padded, exact, outputs, graph);
    if (this.matches.size >= REMEMBERED) this.matches.clear();
    this.matches.set(key, match);
    return match;
  }

  private search(nodes: readonly PartNode[], exact: CanonicalForm, outputs: readonly string[], graph: () => Graph): Match | undefined {
    const rows = rowForms(nodes, this.batchSize, this.options.implement).map((form) => canonicalForm(form, outputs, this.options));
    for (const form of [exact, ...rows]) {
      const match = this.lookUp(form, false, graph);
      if (match !== undefined) return match;
    }
    if (!this.rules.foldsBatchNorm) return undefined;
    return this.lookUp(canonicalForm(withFoldedBatchNorms(nodes), outputs, this.options), true, graph);
  }

  private lookUp(form: CanonicalForm, folded: boolean, graph: () => Graph): Match | undefined {
    for (const { kernel, formulas } of (folded ? this.folded : this.plain).get(form.text) ?? []) {
      for (const config of candidates(kernel, formulas, form, graph)) {
        if (configProblems(kernel, config).length > 0) continue;
        const built = blockForm(kernel, config, this.batchSize, folded);
        const proof = canonicalForm(built.nodes, built.outputs, this.options);
        if (proof.text === form.text && proof.numbers.join() === form.numbers.join()) return { kernel: kernel.type, config };
      }
    }
    return undefined;
  }
}

function byText(templates: readonly KernelTemplate[]): ReadonlyMap<string, readonly KernelTemplate[]> {
  const map = new Map<string, KernelTemplate[]>();
  for (const template of templates) map.set(template.text, [...(map.get(template.text) ?? []), template]);
  return map;
}

/** Configurations that a part may have: those that the kernel names, or the one that its sizes say. */
function candidates(
  kernel: AnyKernel,
  formulas: KernelTemplate['formulas'],
  { numbers }: CanonicalForm,
  graph: () => Graph,
): readonly KernelConfig[] {
  const own = kernel.configsOf?.(graph()) as readonly KernelConfig[] | undefined;
  if (own !== undefined) return own;
  const config: Record<string, number> = {};
  for (const [key, formula] of formulas) {
    if (formula === undefined) return [];
    config[key] = formula(numbers);
  }
  return [config];
}
