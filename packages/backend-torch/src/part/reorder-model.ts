import { InvalidArgumentError, type Reorder } from '@nnm/core';
import { encodeModel, IR_VERSION, OPSET_VERSION } from '../lowering/onnx-schema.ts';
import { toAttribute, toValueInfo } from '../lowering/onnx-writer.ts';
import { VERSION } from '../version.ts';
import { BLOCKED_DOMAIN } from './cut-out.ts';

/**
 * A model that does nothing but change the layout of an image's channels, as the runtime does between operators that keep them in blocks
 * and others.
 *
 * @throws InvalidArgumentError for a layout without blocks
 */
export function reorderModel({ shape, to, layout }: Reorder): Uint8Array {
  const block = Number(/^nchwc(\d+)$/.exec(layout)?.[1]);
  const [n, h, w, c] = shape as readonly [number, number, number, number];
  if (!(block >= 1) || shape.length !== 4) {
    throw new InvalidArgumentError({
      name: 'layout',
      expected: 'an image in blocks, such as nchwc8',
      got: `${layout} of [${shape.join()}]`,
    });
  }
  const plain = { name: 'plain', shape: [n, c, h, w] };
  const blocked = { name: 'blocked', shape: [n, Math.ceil(c / block) * block, h, w] };
  const [from, made] = to === 'blocked' ? [plain, blocked] : [blocked, plain];
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: 'nnm',
    producerVersion: VERSION,
    opsetImport: [
      { domain: '', version: OPSET_VERSION },
      { domain: BLOCKED_DOMAIN, version: 1 },
    ],
    graph: {
      name: 'reorder',
      node: [
        {
          opType: to === 'blocked' ? 'ReorderInput' : 'ReorderOutput',
          domain: BLOCKED_DOMAIN,
          name: 'reorder',
          input: [from.name],
          output: [made.name],
          attribute: to === 'blocked' ? [] : [toAttribute('channels', c)],
        },
      ],
      initializer: [],
      input: [toValueInfo(from)],
      output: [toValueInfo(made)],
    },
  });
}
