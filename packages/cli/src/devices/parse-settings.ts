import { parseYaml } from '@nnm/builder';
import { UsageError } from '../errors.ts';

/** Settings of a device as `--set KEY=VALUE` gives them; a value is read as the configuration file's are. @throws {@link UsageError} */
export function parseDeviceSettings(given: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1)
        throw new UsageError({ message: `--set ${text} is not KEY=VALUE.`, hint: 'Such as `--set SSH_NODE=/opt/node/bin/node`.' });
      return [text.slice(0, at), parseYaml('--set', text.slice(at + 1)).value];
    }),
  );
}
