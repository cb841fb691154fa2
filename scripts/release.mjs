// Publishes every package that the registry does not have in its version: `npm run release`. Builds and checks first.
//   --dry-run    says what would be published
//   --rehearse   publishes to a registry in memory, then installs @nnm/cli and a backend by name in an empty project with an empty home, and runs it
// After a failure run it again: what is published is skipped.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRegistry } from './local-registry.mjs';
import { npm, packedPackages, runTarget } from './pack-all.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, rehearse: { type: 'boolean' } } });

async function main() {
  await runTarget('check:packages');
  const packed = (await packedPackages()).filter(({ isPublished }) => isPublished);
  const versions = new Set(packed.map(({ version }) => version));
  if (versions.size > 1) throw new Error(`The packages differ in version: ${[...versions].join(', ')}. Run npm run release:version.`);
  const folder = await mkdtemp(join(tmpdir(), 'nnm-release-'));
  try {
    if (options.rehearse) await rehearse(packed, folder);
    else await publish(packed, process.env, options['dry-run'] ? ['--dry-run'] : []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {readonly { name: string, version: string, file: string }[]} packed */
async function publish(packed, env, flags) {
  const isDryRun = flags.includes('--dry-run');
  for (const { name, version, file } of packed) {
    // Publishing says itself that there is nothing to publish; only a dry run does not.
    const known = () => isPublished(name, version, env);
    const tell = () => console.log(`${name}@${version} is published already`);
    if (isDryRun && (await known())) {
      tell();
      continue;
    }
    const outcome = await npm(['publish', file, '--access', 'public', ...flags], root, env).catch(async (error) => {
      if (await known()) return undefined;
      throw error;
    });
    if (outcome === undefined) {
      tell();
      continue;
    }
    const corrections = outcome.stderr.split('\n').filter((line) => /warn publish (npm auto-corrected|errors corrected|")/.test(line));
    if (corrections.length > 0) throw new Error(`npm would change ${name}:\n${corrections.join('\n')}`);
    console.log(`${isDryRun ? 'would publish' : 'published'} ${name}@${version}`);
  }
}

async function isPublished(name, version, env) {
  return npm(['view', `${name}@${version}`, 'version', '--json'], root, env).then(
    ({ stdout }) => stdout.trim() !== '',
    (error) => {
      if (/E404/.test(error.stderr)) return false;
      throw error;
    },
  );
}

async function rehearse(packed, folder) {
  const { stdout } = await npm(['config', 'get', 'registry'], root);
  const registry = await startRegistry({ upstream: stdout.trim() });
  try {
    const env = await strangersEnvironment(folder, registry.url);
    await publish(packed, env, []);
    const project = join(folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{ "private": true }\n');
    await npm(['install', '@nnm/cli', '@nnm/backend-tflite'], project, env);
    const nnm = (...args) => npm(['exec', '--no', '--', 'nnm', ...args], project, env);
    const kernels = JSON.parse((await nnm('kernels', '--json')).stdout);
    const { dependencies } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    console.log((await nnm('backends')).stdout);
    console.log(JSON.stringify({ published: packed.length, dependencies, kernels: kernels.length }));
  } finally {
    await registry.close();
  }
}

/** The environment of somebody who has just installed Node: an empty home, nothing of the npm around this script. */
async function strangersEnvironment(folder, registryUrl) {
  const home = join(folder, 'home');
  await mkdir(home);
  await writeFile(join(home, '.npmrc'), `registry=${registryUrl}\n${registryUrl.replace('http:', '')}:_authToken=rehearsal\n`);
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(?!execpath)|NODE_OPTIONS$|INIT_CWD$|NX_|XDG_|NNM_)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    npm_config_ignore_scripts: 'true',
    npm_config_update_notifier: 'false',
  };
}

await main().catch((error) => {
  console.error(`The release stopped: ${error.message}${error.stderr ? `\n${error.stderr}` : ''}`);
  process.exitCode = 1;
});
