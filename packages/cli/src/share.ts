import { UsageError } from './errors.ts';

/**
 * A share such as `5%`, `5 %` or `0.05` as a number, 0.05.
 *
 * @param option - how it is named in the error
 * @throws {@link UsageError} when it is none, or not above 0
 */
export function parseShare(text: string, option: string): number {
  const [, digits = '', percent = ''] = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*$/.exec(text) ?? [];
  const value = Number(digits) / (percent === '%' ? 100 : 1);
  if (digits !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new UsageError({ message: `${option} must be a share such as 5%. Got "${text}".`, hint: 'Write 5% or 0.05.' });
}
