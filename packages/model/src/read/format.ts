import type { ByteSource } from './byte-source.ts';
import { InvalidModelError } from './errors.ts';
import type { FileFormat } from './readers.ts';
import { openZip } from './zip-source.ts';

/** An ONNX file cannot hold more: protobuf counts bytes in 31 bits. */
const MOST_BYTES = 2 ** 31 - 1;

const HEAD_BYTES = 16;

/** Names of files that are TensorFlow Lite models or hold some, whatever their content is. */
const TFLITE_NAMES = /\.tflite$|_packed_assets\.data$/;

/** What files begin with that are models of other kinds, or no models. */
const OTHERS: readonly (readonly [is: (head: Uint8Array) => boolean, what: string, hint: string])[] = [
  [
    startsWith('PK'),
    'is a zip file, such as PyTorch and Keras write, and MediaPipe (.task)',
    'Export it as .onnx: `torch.onnx.export`, or tf2onnx. Take the .tflite files out of a .task.',
  ],
  [startsWith('\u0089HDF'), 'is an HDF5 file, such as Keras writes', 'Export it as .onnx or .tflite.'],
  [startsWith('ORTM', 4), 'is in the format of ONNX Runtime alone (.ort)', 'Use the .onnx file that it was made from.'],
  [startsWith('\u001f\u008b'), 'is compressed by gzip', 'Unpack it first.'],
  [startsWith('\u0080\u0002'), 'is a pickle, such as PyTorch writes', 'Export it as .onnx with `torch.onnx.export`.'],
  [startsWith('version https'), 'is a pointer of Git LFS, not the file itself', 'Fetch it: `git lfs pull`.'],
  [startsWith('<'), 'is a web page or XML, not a model', 'Download the file itself.'],
];

/**
 * The format of a file, by its content.
 *
 * @throws {@link InvalidModelError} for an empty or too large file and for formats that nnm knows and does not read
 */
export function formatOf(source: ByteSource, name: string): FileFormat {
  if (source.size === 0) throw new InvalidModelError({ file: name, problem: 'is empty' });
  const head = new Uint8Array(HEAD_BYTES);
  const filled = head.subarray(0, source.read(0, head));
  if (startsWith('PK')(filled) && openZip(source, { name }) !== undefined) return 'tfjs';
  const other = OTHERS.find(([is]) => is(filled));
  if (other !== undefined) throw new InvalidModelError({ file: name, problem: other[1], hint: other[2] });
  if (startsWith('TFL3', 4)(filled) || TFLITE_NAMES.test(name)) return 'tflite';
  if (/^\s*[{[]/.test(String.fromCharCode(...filled))) return 'tfjs';
  if (source.size > MOST_BYTES) {
    throw new InvalidModelError({
      file: name,
      problem: `has ${source.size} bytes, and no model file has more than ${MOST_BYTES}`,
      hint: 'Export it with weights in files of their own (external data).',
    });
  }
  return 'onnx';
}

function startsWith(text: string, at = 0): (head: Uint8Array) => boolean {
  return (head) => head.length >= at + text.length && [...text].every((character, index) => head[at + index] === character.charCodeAt(0));
}
