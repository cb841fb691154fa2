import type { Lowering } from '../lowering.ts';
import { poolWindow } from '../pool-window.ts';
import { padImage } from '../window.ts';

/** The lowest float32. */
const LOWEST = -3.4028234663852886e38;

/** Explicit pixels are the lowest number, which never wins. */
export const maxPool: Lowering<'maxPool'> = {
  op: 'maxPool',
  support: { runs: 'native', note: 'MaxPool; explicit padding: PadV2 before it' },
  lower(writer, op) {
    const { attrs, pixels } = poolWindow(writer, op);
    writer.last('MaxPool', [pixels === undefined ? writer.x : padImage(writer, pixels, LOWEST)], attrs);
  },
};
