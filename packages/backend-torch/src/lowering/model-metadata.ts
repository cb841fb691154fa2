import protobuf from 'protobufjs/light.js';
import type { ModelProto } from './onnx-schema.ts';

const CHANNELS_LAST = 'nnm.channels_last';
const PART = 'nnm.part';

/** What nnm notes in a model besides the graph. */
export interface ModelNotes {
  /** Names of inputs and outputs of four axes that are not `[n, c, h, w]`. */
  readonly channelsLast: ReadonlySet<string>;
  /** True for a part of a network, which is timed as it runs there. */
  readonly isPart: boolean;
}

/** The notes as metadata of a model; nothing when there is nothing to note. */
export function notesMetadata({ channelsLast, isPart }: ModelNotes): Pick<ModelProto, 'metadataProps'> {
  const metadataProps = [
    ...(channelsLast.size === 0 ? [] : [{ key: CHANNELS_LAST, value: JSON.stringify([...channelsLast]) }]),
    ...(isPart ? [{ key: PART, value: 'true' }] : []),
  ];
  return metadataProps.length === 0 ? {} : { metadataProps };
}

/** The metadata alone, so that reading it skips everything else of a model. */
const metadataType = protobuf.Root.fromJSON({
  nested: {
    Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Metadata: { fields: { metadataProps: { rule: 'repeated', type: 'Entry', id: 14 } } },
  },
}).lookupType('Metadata');

/** The notes that {@link notesMetadata} stored in a model; models that nnm did not write have none. */
export function readNotes(model: Uint8Array): ModelNotes {
  const { metadataProps } = metadataType.decode(model) as unknown as Required<Pick<ModelProto, 'metadataProps'>>;
  const noted = (key: string): string | undefined => metadataProps.find((entry) => entry.key === key)?.value;
  return {
    channelsLast: new Set(JSON.parse(noted(CHANNELS_LAST) ?? '[]') as readonly string[]),
    isPart: noted(PART) === 'true',
  };
}
