import { isDeepStrictEqual } from 'node:util';
import { type ConfigRange, kernelIdProblem } from '../../kernel/index.ts';
import type { ContractCase } from './contract-case.ts';
import { deepFreeze, show } from './json-value.ts';
import type { KernelUnderTest } from './kernel-under-test.ts';

/** What the plain values of a kernel must be. */
export function descriptionCases({ kernel, require }: KernelUnderTest): readonly ContractCase[] {
  return [
    {
      name: 'type, family, implement and configSpace are well formed',
      run() {
        for (const [what, id] of Object.entries({ type: kernel.type, family: kernel.family ?? kernel.type })) {
          const problem = kernelIdProblem(id);
          require(problem === undefined, `has a ${what} that ${problem}`);
        }
        const frameworks = kernel.implement ?? ['tensorflow'];
        require(frameworks.length > 0 &&
          frameworks.every(
            (name) => name === 'tensorflow' || name === 'torch',
          ), `has implement ${show(frameworks)}; it lists "tensorflow", "torch" or both`);
        const space = Object.entries(kernel.configSpace as Readonly<Record<string, ConfigRange>>);
        require(space.length > 0, 'has an empty configSpace');
        for (const [key, range] of space) {
          const fine = Number.isInteger(range.min) && Number.isInteger(range.max) && range.min <= range.max;
          require(fine, `has a configSpace whose ${key} is not a range of integers: ${show(range)}`);
          const none = range.values !== undefined && !range.values.some((value) => value >= range.min && value <= range.max);
          require(!none, `has a configSpace whose ${key} lists no value within [${range.min}, ${range.max}]`);
        }
      },
    },
  ];
}

/** What {@link BaseFeatureParser} promises. */
export function featureCases(under: KernelUnderTest): readonly ContractCase[] {
  const { kernel, require } = under;
  const { features } = kernel;
  return [
    {
      name: 'the feature parser names the kernel, its keys and its features',
      run() {
        require(features.kernelType === kernel.type, `has a feature parser made for "${features.kernelType}"`);
        const unknown = features.neededConfig.filter((key) => !(key in kernel.configSpace));
        require(unknown.length === 0, `has a feature parser that needs ${unknown.join(', ')}, which its configSpace does not have`);
        const names = features.featureNames;
        // A configuration's key may stand twice, as `HW CIN CIN` of two equal inputs; a column of any other name may not.
        const twice = names.find((name, index) => names.indexOf(name) !== index && !(name in kernel.configSpace));
        require(names.length > 0 && twice === undefined, `has feature names that are none or not distinct: ${show(names)}`);
      },
    },
    {
      name: 'features are finite, one per name, and the same every time',
      run() {
        for (const config of under.draw(under.samples)) {
          const frozen = deepFreeze({ ...config });
          const vector = features.getFeatureByConfig(frozen);
          const wanted = features.featureNames.length;
          require(vector.length === wanted, `gives ${vector.length} features for ${show(config)}; featureNames has ${wanted}`);
          const index = vector.findIndex((value) => !Number.isFinite(value));
          require(index === -1, `gives ${vector[index]} as ${features.featureNames[index]} for ${show(config)}`);
          require(isDeepStrictEqual(
            features.getFeatureByConfig(frozen),
            vector,
          ), `gives two different feature vectors for ${show(config)}`);
        }
      },
    },
    {
      name: 'getConfigByFeature is the inverse of getFeatureByConfig',
      run() {
        for (const config of under.draw(under.samples)) {
          const back = features.getConfigByFeature(deepFreeze([...features.getFeatureByConfig(config)]));
          const same = isDeepStrictEqual(sorted(back), sorted(config));
          require(same, `turns ${show(config)} into features and back into ${show(back)}`);
        }
      },
    },
  ];
}

const sorted = (config: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
