import path from 'node:path';
import { InvalidArgumentError } from '@nnm/core';
import { findRegressor, type Predictor, parsePredictor, serialisePredictor } from '@nnm/predictor';
import { fileExists, readTextFile, writeWholeFile } from '@nnm/profiler';
import { stringify } from 'csv-stringify/sync';
import { ForeignFileError, type LabelledConfig } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import type { FeatureTable } from './features.ts';

/**
 * Write what a training was made of and what came of it into a folder: the feature table and the predictor.
 *
 * @throws {@link InvalidArgumentError} for a mark that cannot name a file; {@link ForeignFileError} when one of them is there and nnm has not written it, {@link FileAccessError}
 */
export async function saveTraining(
  kernelType: string,
  data: readonly LabelledConfig[],
  predictor: Predictor,
  table: FeatureTable,
  folder: string,
  mark: string | undefined,
  context: PipelineContext,
): Promise<void> {
  if (mark !== undefined && !/^[A-Za-z0-9_-]*$/.test(mark)) {
    throw new InvalidArgumentError({ name: 'mark', expected: 'letters, digits, - and _, as it names files', got: mark });
  }
  const name = mark === undefined || mark === '' ? kernelType : `${kernelType}_${mark}`;
  const header = ['kernel', 'id', ...table.names, 'latency_ms'];
  const lines = data.map(({ kernel, id, config, latencyMs }) => [kernel, id, ...table.featuresOf(kernel, config), latencyMs]);
  const outputs = [
    { file: path.join(folder, 'collection', `${name}.csv`), text: stringify([header, ...lines]), isOurs: isFeatureTable },
    { file: path.join(folder, 'predictors', `${name}.json`), text: serialisePredictor(predictor), isOurs: isPredictor(context) },
  ];
  const own = context.workspace?.own;
  const foreign: string[] = [];
  for (const { file, isOurs } of outputs) {
    if (own?.covers(file)) foreign.push(...own.foreignAmong([file]));
    else if ((await fileExists(file)) && !isOurs(await readTextFile(file))) foreign.push(file);
  }
  if (foreign.length > 0) throw new ForeignFileError({ files: foreign });
  for (const { file, text } of outputs) {
    if (own?.covers(file)) await own.write(file, text);
    else await writeWholeFile(file, text);
  }
}

function isFeatureTable(text: string): boolean {
  return /^kernel,id,.*,latency_ms\r?\n/.test(text);
}

function isPredictor({ registry }: PipelineContext): (text: string) => boolean {
  return (text) => {
    try {
      parsePredictor(text, { file: 'predictor', regressor: (id) => findRegressor(id, registry) });
      return true;
    } catch {
      return false; // whatever it is, it is not replaced
    }
  };
}
