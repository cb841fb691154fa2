// Checks every publishable package as npm would publish it: publint (exports, files, engines, licence) and
// are-the-types-wrong (types for every way of importing). `node scripts/check-packages.mjs`; exits 1 on any finding.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packedPackages } from './pack-all.mjs';

/** Ways of importing that a package of ES modules cannot serve: of before `exports`, and from CommonJS. */
const NOT_FOR_MODULES = ['node10', 'node16-cjs'];

/** What a package.json must say beyond what publint knows. */
function manifestProblems({ name, license, engines, exports, files, bin = {}, keywords = [], dependencies = {}, peerDependencies = {} }) {
  const isPlugin = keywords.includes('nnm-plugin');
  const problems = [];
  if (license !== 'MIT') problems.push('license is not MIT');
  if (engines?.node !== '>=20.12') problems.push(`engines.node is ${engines?.node}, not >=20.12`);
  if (!files?.includes('dist')) problems.push('files does not list dist');
  if (!exports?.['./package.json']) problems.push('exports does not give ./package.json');
  // npm drops such an entry when it publishes, with a warning that is easily missed.
  if (Object.values(bin).some((path) => path.startsWith('./'))) problems.push('bin must not begin with ./');
  if (isPlugin && !peerDependencies['@nnm/core']) problems.push('a plugin must have @nnm/core as a peer dependency');
  const others = Object.keys({ ...dependencies, ...peerDependencies }).filter((other) => other.startsWith('@nnm/') && other !== name);
  if (isPlugin && others.some((other) => other !== '@nnm/core' || dependencies[other]))
    problems.push('a plugin depends on no package of nnm but @nnm/core, as a peer dependency');
  if (name === '@nnm/core' && others.length > 0) problems.push('core must not depend on another workspace package');
  return problems;
}

/** Files that nobody needs who installs a package: declaration maps point to sources, which are not packed; binaries are of packages of their own. */
const unwanted = (files) =>
  files.filter(
    (file) =>
      !file.startsWith('templates/') && /(^|\/)(src|test|bench|__fixtures__)\/|\.test\.|\.tsbuildinfo$|\.d\.ts\.map$|\.node$/.test(file),
  );

const packed = (await packedPackages()).filter(({ isPublished }) => isPublished);
const findings = await Promise.all(packed.map(problemsOf));
for (const [index, { name, files, sizeBytes }] of packed.entries()) {
  const problems = findings[index];
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${files.length} files, ${(sizeBytes / 1024).toFixed(0)} kB)`);
  for (const problem of problems) console.log(`     ${problem}`);
}
console.log(JSON.stringify({ packages: packed.length, findings: findings.flat().length }));
process.exitCode = findings.flat().length === 0 ? 0 : 1;

/** What a private package holds must be built into those that use it: nobody can install it. */
async function privateImports(folder, files) {
  const code = files.filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file));
  const texts = await Promise.all(code.map((file) => readFile(join(folder, file), 'utf8')));
  return code
    .filter((_, index) => /from ["']@nnm\/(native-kit|tflite-format)["']/.test(texts[index]))
    .map((file) => `${file} imports a private package`);
}

/** What are-the-types-wrong finds in a tarball; all packages in this one process, for it parses TypeScript's own libraries but once. */
async function typeProblems(file) {
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(await readFile(file)));
  if (!types) return ['are-the-types-wrong: there are no types'];
  return problems
    .filter(({ resolutionKind }) => !NOT_FOR_MODULES.includes(resolutionKind))
    .map(({ kind, ...where }) => `are-the-types-wrong: ${kind} ${JSON.stringify(where)}`);
}

/** @param {import('./pack-all.mjs').PackedPackage} packed */
async function problemsOf({ folder, file, files }) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const { messages } = await publint({ pkgDir: folder, strict: true, pack: false });
  return [
    ...(await privateImports(folder, files)),
    ...manifestProblems(manifest),
    ...messages.map((message) => `publint ${message.type}: ${formatMessage(message, manifest)}`),
    ...['README.md', 'LICENSE', 'package.json'].filter((wanted) => !files.includes(wanted)).map((wanted) => `${wanted} is missing`),
    ...unwanted(files).map((path) => `${path} should not be packed`),
    ...(await typeProblems(file)),
  ];
}
