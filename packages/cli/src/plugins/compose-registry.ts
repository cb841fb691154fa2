import { createRegistry, DuplicateIdError, NnmError, type Plugin, type Registry } from '@nnm/core';

/** Something a plugin provides that cannot be used, because of what another plugin provides. */
export interface Conflict {
  readonly kind: PartKind;
  readonly id: string;
  readonly error: NnmError;
}

/** A registry of all that can be used, and what cannot. */
export interface ComposedRegistry {
  readonly registry: Registry;
  readonly conflicts: readonly Conflict[];
}

type PartKind = 'kernel' | 'backend' | 'device' | 'regressor';
const LISTS = { kernel: 'kernels', backend: 'backends', device: 'devices', regressor: 'regressors' } as const;

/**
 * A registry in which a conflict costs only the parts that are in it. An id that two plugins provide belongs to neither; a kernel whose
 * features differ from those of its family so far is left out. Looking one of them up throws what is wrong with it.
 *
 * @param explainMissing - told that nothing has an id, may return a better error than core's
 */
export function composeRegistry(
  plugins: readonly Plugin[],
  explainMissing: (error: NnmError) => NnmError = (error) => error,
): ComposedRegistry {
  const conflicts = findDuplicates(plugins);
  const isClear = (kind: PartKind, id: string): boolean => !conflicts.some((conflict) => conflict.kind === kind && conflict.id === id);
  const clear = plugins.map((plugin) => keepParts(plugin, isClear));
  const registry = addKernels(clear, conflicts);
  const lookUp = <T>(kind: PartKind, id: string, find: (id: string) => T): T => {
    const conflict = conflicts.find((one) => one.kind === kind && one.id === id);
    if (conflict !== undefined) throw conflict.error;
    try {
      return find(id);
    } catch (error) {
      throw NnmError.isInstance(error) ? explainMissing(error) : error;
    }
  };
  return {
    conflicts,
    registry: Object.freeze({
      ...registry,
      kernel: (type: string) => lookUp('kernel', type, registry.kernel),
      backend: (id: string) => lookUp('backend', id, registry.backend),
      device: (id: string) => lookUp('device', id, registry.device),
      regressor: (id: string) => lookUp('regressor', id, registry.regressor),
    }),
  };
}

function idsOf(plugin: Plugin, kind: PartKind): readonly string[] {
  if (kind === 'kernel') return plugin.kernels?.map(({ type }) => type) ?? [];
  return plugin[LISTS[kind]]?.map(({ id }) => id) ?? [];
}

function findDuplicates(plugins: readonly Plugin[]): Conflict[] {
  return (Object.keys(LISTS) as PartKind[]).flatMap((kind) => {
    const owners = new Map<string, string[]>();
    for (const plugin of plugins) for (const id of idsOf(plugin, kind)) owners.set(id, [...(owners.get(id) ?? []), plugin.name]);
    return [...owners].flatMap(([id, names]): readonly Conflict[] => {
      const [first, second] = names;
      if (first === undefined || second === undefined) return [];
      return [{ kind, id, error: new DuplicateIdError({ what: kind, id, owners: [first, second] }) }];
    });
  });
}

function keepParts(plugin: Plugin, keep: (kind: PartKind, id: string) => boolean): Plugin {
  const { kernels, backends, devices, regressors } = plugin;
  return {
    ...plugin,
    ...(kernels && { kernels: kernels.filter(({ type }) => keep('kernel', type)) }),
    ...(backends && { backends: backends.filter(({ id }) => keep('backend', id)) }),
    ...(devices && { devices: devices.filter(({ id }) => keep('device', id)) }),
    ...(regressors && { regressors: regressors.filter(({ id }) => keep('regressor', id)) }),
  };
}

/** All plugins at once, or, where that is refused, kernel by kernel without those that are to blame; these are added to `conflicts`. */
function addKernels(plugins: readonly Plugin[], conflicts: Conflict[]): Registry {
  try {
    return createRegistry(plugins);
  } catch {
    // Which kernel it is shows below, with the same error.
  }
  let accepted = plugins.map((plugin) => ({ ...plugin, kernels: [] as Plugin['kernels'] & object }));
  for (const [index, plugin] of plugins.entries()) {
    for (const kernel of plugin.kernels ?? []) {
      const extended = accepted.map((one, at) => (at === index ? { ...one, kernels: [...one.kernels, kernel] } : one));
      try {
        createRegistry(extended);
        accepted = extended;
      } catch (error) {
        if (!NnmError.isInstance(error)) throw error;
        conflicts.push({ kind: 'kernel', id: kernel.type, error });
      }
    }
  }
  return createRegistry(accepted);
}
