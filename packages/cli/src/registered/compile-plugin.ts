import { pathToFileURL } from 'node:url';
import { PLUGIN_API_VERSION } from '@nnm/core';
import type { MetaFile, PartLocation } from './meta-file.ts';

/** How the plugin of something registered is called in lists and errors. */
export function pluginName(name: string): string {
  return `registered:${name}`;
}

/**
 * The source of the plugin that a meta file describes. From there on it is a plugin like any other: nothing needs the meta file again.
 *
 * @param files - the module of each part, absolute, in the order of `meta.parts`
 */
export function compilePlugin(meta: MetaFile, files: readonly string[]): string {
  const imports = meta.parts.map(({ name, role }, index) => {
    const url = JSON.stringify(pathToFileURL(files[index]!).href);
    return `import { ${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)} as ${role}Part } from ${url};`;
  });
  const value = (role: PartLocation['role'], ...args: readonly string[]): string =>
    `typeof ${role}Part === 'function' ? new ${role}Part(${args.map((argument) => JSON.stringify(argument)).join(', ')}) : ${role}Part`;
  const name = JSON.stringify(pluginName(meta.name));
  const head = [
    `// Written by \`nnm register\` from ${meta.metaFile.replaceAll(/[\r\n]/g, ' ')}; \`nnm unregister\` removes it.`,
    ...imports,
  ];
  if (meta.kind === 'backend') {
    return [...head, `export default { name: ${name}, apiVersion: ${PLUGIN_API_VERSION}, backends: [${value('backend')}] };`, ''].join(
      '\n',
    );
  }
  const { configSpace, ...facts } = meta.facts;
  return `${head.join('\n')}

const sampler = ${value('sampler')};
const features = ${value('features', meta.name)};
// The ranges of a key that nobody has described
const any = { min: 0, max: 65536, description: 'not described: give the block a static \`configSpace\`' };
const described = ${JSON.stringify(configSpace ?? null)} ?? blockPart.configSpace ?? sampler.configSpace ?? sampler.options?.space;

export default {
  name: ${name},
  apiVersion: ${PLUGIN_API_VERSION},
  kernels: [
    {
      type: ${JSON.stringify(meta.name)},
      ...${JSON.stringify(facts)},
      block: blockPart,
      sampler,
      features,
      configSpace: described ?? Object.fromEntries(features.neededConfig.map((key) => [key, any])),
    },
  ],
};
`;
}
