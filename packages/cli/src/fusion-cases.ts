import { type FusionCase, type Registry, UnknownIdError } from '@nnm/core';
import { BASIC_FUSION_CASES } from '@nnm/model';

/** A case and the plugin that asks it; absent for those that come with nnm. */
export interface OwnedCase {
  readonly value: FusionCase;
  readonly plugin?: string;
}

/** Every case: nnm's own, and those of plugins. */
export function fusionCases(registry: Registry): readonly OwnedCase[] {
  return [...BASIC_FUSION_CASES.map((value) => ({ value })), ...registry.fusionCases];
}

/**
 * The cases with these ids; all when there are none.
 *
 * @throws {@link UnknownIdError} with the nearest known ids
 */
export function chooseCases(registry: Registry, ids: readonly string[] | undefined): readonly FusionCase[] {
  const all = fusionCases(registry).map(({ value }) => value);
  if (ids === undefined) return all;
  return ids.map((id) => {
    const found = all.find((one) => one.id === id);
    if (found === undefined) throw new UnknownIdError({ what: 'fusion case', id, known: all.map((one) => one.id) });
    return found;
  });
}
