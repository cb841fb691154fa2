import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Json, NnmError, type RunPart } from '@nnm/core';
import { bundleRules, exactParts, type LiftedModel, liftKernelGraph, liftModel, modelParts, partDifferences, readModel } from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';
import { defineBench, listOf } from './bench.ts';
import { knownSettings, knownShapes } from './model-files/model-settings.ts';
import { givenModels } from './model-files/try-model.ts';
import { openRuntime } from './open-runtime.ts';
import { formatCells } from './report.ts';

/** A model as the runtime gets it, and as the rules see it. */
interface CheckedModel {
  readonly name: string;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
  readonly lifted: () => LiftedModel | Promise<LiftedModel>;
}

export default defineBench({
  question: 'Do the fusion rules of torch_cpu say the parts that ONNX Runtime really makes?',
  options: {
    networks: { help: 'names of the zoo, separated by commas; all by default, `-` for none' },
    models: { help: 'files and folders of .onnx files, separated by commas; those of published packages by default, `-` for none' },
  },
  async run(args) {
    const { backend, implement, runtime } = await openRuntime('torch_cpu');
    await runtime.close();
    const rules = bundleRules({ backend: backend.id, environment: { runtime: runtime.info } as unknown as Json });
    const names = args.networks === '-' ? [] : listOf(args.networks || networkNames.join());
    const zoo = names.map((name): CheckedModel => {
      const graph = network(name);
      return { name, bytes: () => backend.convert(graph, implement), lifted: () => liftKernelGraph(graph, { implement }) };
    });
    const files = args.models === '-' ? [] : await givenModels(listOf(args.models));
    const real = files
      .filter((file) => file.endsWith('.onnx'))
      .map((file): CheckedModel => {
        const name = path.basename(file);
        const shapes = knownShapes(name);
        return { name, bytes: () => readFileSync(file), lifted: async () => liftModel(await readModel(file, { shapes })) };
      });
    const rows: { readonly name: string; readonly parts: number; readonly reorders: string; readonly differences: readonly string[] }[] =
      [];
    const leftOut: string[] = [];
    for (const { name, bytes, lifted: lift } of [...zoo, ...real]) {
      try {
        const lifted = await lift();
        const explained = await explain(await bytes(), knownSettings(name));
        const { parts, madeBlocked, madePlain } = modelParts(lifted, rules);
        const counts = (kind: string): number => explained.filter(({ operators }: RunPart) => operators.includes(kind)).length;
        const reorders = [madeBlocked.length - counts('ReorderInput'), madePlain.length - counts('ReorderOutput')];
        const differences = partDifferences(lifted, exactParts(lifted, explained), parts).map(({ part, saidBy }) => `${part} (${saidBy})`);
        rows.push({
          name,
          parts: parts.length,
          reorders: reorders.map((more) => (more > 0 ? `+${more}` : String(more))).join(' '),
          differences,
        });
      } catch (error) {
        if (!NnmError.isInstance(error)) throw error;
        leftOut.push(`${name}: ${error.message}`);
      }
    }
    const shown = (differences: readonly string[]): string =>
      [...new Set(differences)].slice(0, 4).join(', ') + (new Set(differences).size > 4 ? ', …' : '');
    console.log(
      formatCells([
        ['model', 'parts', 'reorders in, out', 'differences', ''],
        ...rows.map(({ name, parts, reorders, differences }) => [
          name,
          String(parts),
          reorders,
          String(differences.length),
          shown(differences).slice(0, 100),
        ]),
      ]),
    );
    for (const line of leftOut) console.log(`left out: ${line}`);
    const equal = rows.filter(({ differences, reorders }) => differences.length === 0 && reorders === '0 0').length;
    return {
      models: rows.length,
      equal,
      leftOut: leftOut.length,
      differing: rows.filter(({ differences }) => differences.length > 0).map(({ name }) => name),
    };
  },
});

/** What the runtime makes of a model, with the sizes that its file leaves open. */
async function explain(bytes: Uint8Array, settings: object): Promise<readonly RunPart[]> {
  const { runtime } = await openRuntime('torch_cpu', settings);
  const explained = (await runtime.explain?.(bytes)) ?? [];
  await runtime.close();
  return explained;
}
