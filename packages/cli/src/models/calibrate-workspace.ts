import type { PipelineContext, Stage, Workspace } from '@nnm/builder';
import { type AnyBackend, graphHash, NnmError } from '@nnm/core';
import {
  type Calibration,
  calibrationRow,
  countedNetworks,
  type DetectedKernel,
  fitCalibration,
  fitReorders,
  LEAST_NETWORKS,
  type LiftedModel,
  liftKernelGraph,
  measureNetwork,
  modelPredictor,
  type NetworkMeasurement,
  type NetworkMeasuring,
  networkFiles,
  workspaceBundle,
  workspaceEstimate,
  writeCalibration,
} from '@nnm/model';
import type { Environment } from '@nnm/profiler';
import { calibrationNetworks } from '@nnm/zoo';
import { asStage } from './measure-model.ts';

/** A calibration that was made, and where it was written. */
export interface CalibratedWorkspace {
  readonly calibration: Calibration;
  readonly file: string;
}

/** Too few networks could be measured whole with all their kernels. */
export class TooFewNetworksError extends NnmError {
  /** @param details - `late`: networks that the time was not enough for */
  constructor(details: { measured: number; least: number; backend: string; late: number }) {
    const { measured, least, backend, late } = details;
    const networks = measured === 0 ? 'No network' : `Only ${measured} ${measured === 1 ? 'network' : 'networks'}`;
    super({
      code: 'ERR_TOO_FEW_NETWORKS',
      message: `${networks} could be measured with all kernels on ${backend}; a calibration takes ${least}.${late > 0 ? ` The time ended before ${late} could be.` : ''}`,
      hint:
        late > 0
          ? 'Run the command again, with more time: what is measured is kept.'
          : 'The notes above say what the backend cannot run. Predictions are the plain sum of the kernels without a calibration.',
      details,
    });
  }
}

/**
 * Measure networks of the zoo together with their kernels and fit how their time follows from them; written to the workspace.
 *
 * @throws {@link TooFewNetworksError}, and what measuring throws
 */
export async function* calibrateWorkspace(context: PipelineContext & { readonly workspace: Workspace }): Stage<CalibratedWorkspace> {
  const { registry, workspace, backend, implement, batchSize } = context;
  const { bundle } = await workspaceBundle({ ...context, backend });
  const estimate = await workspaceEstimate(context);
  const predictor = modelPredictor({ bundle: { ...bundle, estimate, calibration: undefined }, registry });
  const measuring = measuringOf(context);
  const networks: {
    readonly measurement: NetworkMeasurement;
    readonly kernels: readonly DetectedKernel[];
    readonly lifted: LiftedModel;
  }[] = [];
  const late: string[] = [];
  let environment: Environment | undefined;
  for (const { name, build } of calibrationNetworks) {
    const graph = build(batchSize);
    const lifted = liftKernelGraph(graph, { implement });
    const kernels = predictor.detect(lifted);
    const job = { name, hash: graphHash(graph, { implement, batchSize }), model: () => backend.convert(graph, implement), kernels };
    const measured = yield* asStage(measureNetwork(job, measuring), name, 'network');
    if ('problem' in measured && measured.isLate) {
      late.push(name);
      continue;
    }
    if ('problem' in measured) {
      yield { type: 'note', message: `${name} was not measured: ${measured.problem}` };
      continue;
    }
    ({ environment } = measured);
    for (const problem of new Set(measured.problems)) yield { type: 'note', message: `A kernel of ${name} was not measured: ${problem}` };
    networks.push({ measurement: measured, kernels, lifted });
  }
  if (late.length > 0) yield { type: 'note', message: `The time ended before these networks could be measured: ${late.join(', ')}.` };
  const counted = countedNetworks(networks);
  for (const { measurement } of networks.filter(({ measurement: { flags } }) => flags.length > 0)) {
    const counts = counted.some((other) => other.measurement === measurement);
    yield { type: 'note', message: doubtOf(measurement, counts) };
  }
  const reorders = fitReorders(counted);
  const priced = modelPredictor({ bundle: { ...bundle, estimate, calibration: undefined }, registry, reorders });
  const rows = counted.flatMap(({ measurement, lifted }) => calibrationRow(measurement, priced.predict(lifted).kernels) ?? []);
  if (rows.length < LEAST_NETWORKS)
    throw new TooFewNetworksError({ measured: rows.length, least: LEAST_NETWORKS, backend: backend.id, late: late.length });
  const origin = {
    backend: backend.id,
    implement,
    batchSize,
    environment: environment as unknown as Calibration['environment'],
    ...(reorders && { reorders }),
  };
  const calibration = fitCalibration(rows, origin);
  return { calibration, file: await writeCalibration(workspace, calibration) };
}

/** What is to be said of a network whose latency is flagged. */
function doubtOf({ name, flags }: NetworkMeasurement, counts: boolean): string {
  const why = `The latency of ${name} is uncertain (${flags.join(', ')})`;
  return counts ? `${why}; it counts all the same, since too few networks have a certain one.` : `${why}: it does not count.`;
}

function measuringOf(context: PipelineContext & { readonly workspace: Workspace }): NetworkMeasuring & { readonly journalFile: string } {
  const { backend, settings, implement, batchSize, seed, policy, signal, timeLeftMs, measure, workspace } = context;
  return {
    backend: backend as AnyBackend,
    settings,
    implement,
    batchSize,
    seed,
    policy,
    signal,
    timeLeftMs,
    measure,
    journalFile: networkFiles(workspace).networks,
    files: workspace.files,
  };
}
