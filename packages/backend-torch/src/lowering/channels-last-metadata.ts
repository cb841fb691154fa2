import protobuf from 'protobufjs/light.js';
import type { ModelProto } from './onnx-schema.ts';

const KEY = 'nnm.channels_last';

/** The model's metadata with the names of inputs and outputs of four axes that are not `[n, c, h, w]`; nothing when all are. */
export function channelsLastMetadata(names: readonly string[]): Pick<ModelProto, 'metadataProps'> {
  return names.length === 0 ? {} : { metadataProps: [{ key: KEY, value: JSON.stringify(names) }] };
}

/** The metadata alone, so that reading it skips everything else of a model. */
const metadataType = protobuf.Root.fromJSON({
  nested: {
    Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Metadata: { fields: { metadataProps: { rule: 'repeated', type: 'Entry', id: 14 } } },
  },
}).lookupType('Metadata');

/** The names that {@link channelsLastMetadata} stored in a model; none for models that nnm did not write. */
export function readChannelsLast(model: Uint8Array): ReadonlySet<string> {
  const { metadataProps } = metadataType.decode(model) as unknown as Required<Pick<ModelProto, 'metadataProps'>>;
  const entry = metadataProps.find(({ key }) => key === KEY);
  return new Set(entry === undefined ? [] : (JSON.parse(entry.value) as readonly string[]));
}
