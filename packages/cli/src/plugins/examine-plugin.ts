import { assertPlugin, InvalidPluginError, NnmError, type Plugin } from '@nnm/core';
import { z } from 'zod';
import { showThrown } from '../output/show-value.ts';

const name = z.string().min(1).max(214);
const words = z.string().max(10_000);
const implement = z.array(z.enum(['tensorflow', 'torch'])).min(1);
const range = z.object({
  min: z.int(),
  max: z.int(),
  multipleOf: z.int().positive().optional(),
  values: z.array(z.number()).max(100_000).optional(),
  description: words.optional(),
});
const schema = z.object({
  name,
  version: name.optional(),
  kernels: z
    .array(
      z.object({
        type: name,
        family: name.optional(),
        description: words.optional(),
        implement: implement.optional(),
        configSpace: z.record(name, range).refine((space) => Object.keys(space).length <= 1000, 'has more than 1000 keys'),
        features: z.object({ featureNames: z.array(name).min(1).max(10_000) }),
      }),
    )
    .max(10_000)
    .optional(),
  backends: z
    .array(z.object({ id: name, description: words, implement, modelExtension: name, settingsTemplate: z.string().max(1_000_000) }))
    .max(1000)
    .optional(),
  devices: z
    .array(z.object({ id: name, description: words, keys: z.array(name).max(1000) }))
    .max(100)
    .optional(),
  regressors: z
    .array(z.object({ id: name }))
    .max(1000)
    .optional(),
});

/**
 * Check that a module's default export is a plugin, and that everything it says of itself can be read and shown: after this, lists, messages
 * and JSON need not fear a getter that throws or a name of a gigabyte.
 *
 * @param label - how to name it while it has no name of its own
 * @throws core's `InvalidPluginError` with everything that is wrong, `PluginApiVersionError`
 */
export function examinePlugin(value: unknown, label: string): Plugin {
  try {
    assertPlugin(value, label);
    const checked = schema.safeParse(value);
    if (checked.success) return value;
    const problems = checked.error.issues.slice(0, 20).map(({ path, message }) => `\`${showPath(path)}\`: ${message}`);
    throw new InvalidPluginError({ plugin: label, problems });
  } catch (cause) {
    if (NnmError.isInstance(cause)) throw cause;
    throw new InvalidPluginError({ plugin: label, problems: [`reading it failed with ${showThrown(cause)}`] }, { cause });
  }
}

function showPath(path: readonly PropertyKey[]): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');
}
