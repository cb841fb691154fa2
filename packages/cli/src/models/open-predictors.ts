import { readFileSync, statSync } from 'node:fs';
import type { FoundPredictor, Workspace, WorkspaceConfig } from '@nnm/builder';
import { type AnyKernel, kernelFamily, NnmError, type Registry } from '@nnm/core';
import { type Bundle, looksLikeBundle, parseBundle, type WorkEstimate, workspaceBundle, workspaceEstimate } from '@nnm/model';
import { displayName, isSpooled } from '../input/standard-input.ts';
import { shortPath } from '../plugins/origin.ts';

/** What models are predicted with: a bundle, or the predictors of a workspace. */
export interface ModelPredictors {
  /** The file or folder as it is shown. */
  readonly label: string;
  readonly bundle: Bundle;
  /** What is odd about the predictors, as sentences. */
  readonly problems: readonly string[];
  /** Where they come from a workspace: that, and its configuration. */
  readonly workspace?: { readonly workspace: Workspace; readonly config: WorkspaceConfig };
  /** The estimate of what has no predictor, where it takes time to make; undefined for a bundle, which holds its own. */
  readonly fitEstimate?: () => Promise<WorkEstimate | undefined>;
}

/** There is nothing at the place that `--predictor` names. */
export class PredictorNotFoundError extends NnmError {
  constructor(details: { place: string; ofKernel?: boolean }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_PREDICTOR_NOT_FOUND',
        message: `${details.place} is neither ${details.ofKernel ? 'a predictor, a bundle' : 'a bundle'} nor a workspace.`,
        hint: 'Give a file made by `nnm bundle` (of a kernel also by `nnm train`), or the folder of a workspace with finished predictors.',
        details,
      },
      options,
    );
  }
}

/** A workspace has no finished predictor. */
export class NoPredictorsError extends NnmError {
  constructor(details: { place: string }) {
    super({
      code: 'ERR_NO_PREDICTORS',
      message: `${details.place} has no finished predictor.`,
      hint: 'Build some with `nnm build`; `nnm create --kernels networks` lists the kernels that networks are made of.',
      details,
    });
  }
}

/**
 * Open what `--predictor` names.
 *
 * @throws {@link PredictorNotFoundError}, and what reading a bundle or a workspace throws
 */
export async function openPredictors(place: string, registry: Registry): Promise<ModelPredictors> {
  const status = statSync(place, { throwIfNoEntry: false });
  if (status === undefined) throw new PredictorNotFoundError({ place });
  if (status.isDirectory()) {
    const { openWorkspace, readWorkspaceConfig } = await import('@nnm/builder');
    const workspace = await openWorkspace(place);
    return openWorkspacePredictors(workspace, await readWorkspaceConfig(workspace, registry, { needsBackend: false }), registry);
  }
  const text = readFileSync(place, 'utf8');
  const label = isSpooled(place) ? displayName(place) : shortPath(place);
  if (!looksLikeBundle(text)) throw new PredictorNotFoundError({ place: label });
  return { label, bundle: parseBundle(text, { file: label, regressor: (id) => registry.regressor(id) }), problems: [] };
}

/**
 * The predictor of a kernel that a file holds: one that `nnm train` has written, or a bundle.
 *
 * @throws {@link PredictorNotFoundError}; the builder's `NoPredictorError` and `InvalidPredictorFileError`
 */
export async function readKernelPredictor(file: string, kernel: AnyKernel, registry: Registry): Promise<FoundPredictor> {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) throw new PredictorNotFoundError({ place: file, ofKernel: true });
  const { kernelHasChanged, NoPredictorError, readPredictorFile } = await import('@nnm/builder');
  const text = readFileSync(file, 'utf8');
  if (!looksLikeBundle(text)) return readPredictorFile(file, kernel, registry);
  const family = kernelFamily(kernel);
  const predictor = parseBundle(text, { file: shortPath(file), regressor: (id) => registry.regressor(id) }).predictors.get(family);
  if (predictor === undefined) throw new NoPredictorError({ kernel: kernel.type, family, workspace: shortPath(file) });
  return { predictor, file, kernelChanged: kernelHasChanged(predictor, kernel) };
}

/** The predictors of a workspace that is open. */
export async function openWorkspacePredictors(workspace: Workspace, config: WorkspaceConfig, registry: Registry): Promise<ModelPredictors> {
  const setting = { registry, workspace, ...config };
  const { bundle, problems } = await workspaceBundle(setting);
  if (bundle.predictors.size === 0) throw new NoPredictorsError({ place: shortPath(workspace.folder) });
  return {
    label: shortPath(workspace.folder),
    bundle,
    problems,
    workspace: { workspace, config },
    fitEstimate: () => workspaceEstimate(setting),
  };
}
