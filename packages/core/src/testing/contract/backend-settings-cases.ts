import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { InvalidSettingsError } from '../../backend/index.ts';
import { NnmError, type Problem } from '../../errors/index.ts';
import type { BackendSuite } from './backend-suite.ts';
import type { ContractCase } from './contract-case.ts';
import { show } from './json-value.ts';

const ID = /^[a-z0-9]+([_-][a-z0-9]+)*$/;
const UNKNOWN_KEY = 'NO_SUCH_SETTING';

/** What the plain values and `parseSettings` of a {@link BaseBackend} promise. */
export function settingsCases({ backend, require, settings }: BackendSuite): readonly ContractCase[] {
  const template = (): Readonly<Record<string, unknown>> => {
    const parsed: unknown = parse(backend.settingsTemplate);
    if (parsed === null) return {};
    require(typeof parsed === 'object' && !Array.isArray(parsed), 'has a settingsTemplate that is not a YAML mapping');
    return parsed as Readonly<Record<string, unknown>>;
  };
  const refusal = (raw: unknown, what: string): readonly Problem[] => {
    try {
      backend.parseSettings(raw);
    } catch (error) {
      require(NnmError.isInstance(error) &&
        error.code === 'ERR_INVALID_SETTINGS', `answers ${what} with ${String(error)} instead of an ${InvalidSettingsError.name}`);
      return (error as InvalidSettingsError).problems;
    }
    require(false, `accepts ${what}`);
    return [];
  };

  return [
    {
      name: 'id, description, implement and modelExtension are well formed',
      run() {
        require(ID.test(backend.id), 'has an id that is not lower-case letters, digits, _ and -');
        require(typeof backend.description === 'string' && backend.description !== '', 'has no description');
        const fine = backend.implement.length > 0 && backend.implement.every((name) => name === 'tensorflow' || name === 'torch');
        require(fine, `has implement ${show(backend.implement)}; it lists "tensorflow", "torch" or both`);
        require(/^\.[a-z0-9.]+$/.test(
          backend.modelExtension,
        ), `has the modelExtension ${show(backend.modelExtension)}, not one like ".tflite"`);
      },
    },
    {
      name: 'the settings template is valid and shows the defaults',
      run() {
        const parsed = backend.parseSettings(template());
        let defaults: unknown;
        try {
          defaults = backend.parseSettings({});
        } catch (error) {
          // A setting without a default, such as a device's serial, is fine as long as the refusal says so.
          require(NnmError.isInstance(error) && error.code === 'ERR_INVALID_SETTINGS', `answers empty settings with ${String(error)}`);
          return;
        }
        require(isDeepStrictEqual(parsed, defaults), `has the defaults ${show(defaults)} but a template that says ${show(parsed)}`);
        backend.parseSettings(settings);
      },
    },
    {
      name: 'every wrong setting is listed at once',
      run() {
        const keys = Object.keys(template());
        const wrong = Object.fromEntries([...keys.map((key) => [key, { of: 'a wrong type' }]), [UNKNOWN_KEY, 1]]);
        const listed = refusal(wrong, `wrong settings ${show(wrong)}`).map(({ key, message }) => `${key ?? ''} ${message}`);
        for (const key of [...keys, UNKNOWN_KEY]) {
          require(listed.some((problem) =>
            problem.includes(key),
          ), `does not name ${key} among the problems of ${show(wrong)}; it names: ${listed.join('; ') || 'nothing'}`);
        }
        for (const raw of ['text', 3, ['a list']]) refusal(raw, `${show(raw)} as settings`);
      },
    },
  ];
}
