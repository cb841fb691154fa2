/** Settings of a backend for one model file. */
export interface ModelSettings {
  readonly DIMENSIONS?: Readonly<Record<string, number>>;
  readonly INPUTS?: Readonly<Record<string, number>>;
}

/** Shapes of inputs, as readers of models take them. */
type Shapes = Readonly<Record<string, readonly number[]>>;

/** Samples per call and rate of the voice detectors of Silero. */
const SILERO: ModelSettings = { DIMENSIONS: { 'input.1': 512, 'state.1': 1 }, INPUTS: { sr: 16_000 } };
/** By the names of the sizes, in the order in which a file numbers them: the runtime optimises for what it knows. */
const ocr = (...sizes: readonly number[]): ModelSettings => ({
  DIMENSIONS: Object.fromEntries([1, ...sizes].map((size, index) => [`p2o.DynamicDimension.${index}`, size])),
});

/** What published model files leave open, by the name of the file: sizes that their authors' own programs feed. */
const SETTINGS: Readonly<Record<string, ModelSettings>> = {
  'ch_PP-OCRv4_det_infer.onnx': ocr(320, 320),
  // Its height of 48 is not open.
  'ch_PP-OCRv4_rec_infer.onnx': ocr(320),
  'ch_ppocr_mobile_v2.0_cls_infer.onnx': ocr(48, 192),
  'melspectrogram.onnx': { DIMENSIONS: { 'input.1': 1760 } },
  'melspectrogram.tflite': { DIMENSIONS: { 'input.1': 1760, 'serving_default_input:0.1': 1760 } },
  'silero_vad.onnx': SILERO,
  'silero_vad_16k_op15.onnx': SILERO,
  'silero_vad_half.onnx': SILERO,
  'silero_vad_legacy.onnx': SILERO,
  'silero_vad_op18_ifless.onnx': SILERO,
  'silero_vad_v5.onnx': SILERO,
  'silero_vad_v6.onnx': SILERO,
};

/** Settings for a file of this name; none for one that is not known. */
export const knownSettings = (name: string): ModelSettings => (Object.hasOwn(SETTINGS, name) ? (SETTINGS[name] as ModelSettings) : {});

const SILERO_SHAPES: Shapes = { input: [1, 512], state: [2, 1, 128] };
const SILERO_LEGACY_SHAPES: Shapes = { input: [1, 512], h: [2, 1, 64], c: [2, 1, 64] };

/** The same sizes as shapes of inputs. */
const SHAPES: Readonly<Record<string, Shapes>> = {
  'ch_PP-OCRv4_det_infer.onnx': { x: [1, 3, 320, 320] },
  'ch_PP-OCRv4_rec_infer.onnx': { x: [1, 3, 48, 320] },
  'ch_ppocr_mobile_v2.0_cls_infer.onnx': { x: [1, 3, 48, 192] },
  'melspectrogram.onnx': { input: [1, 1760] },
  'melspectrogram.tflite': { 'serving_default_input:0': [1, 1760] },
  'silero_vad.onnx': SILERO_SHAPES,
  'silero_vad_16k_op15.onnx': SILERO_SHAPES,
  'silero_vad_half.onnx': SILERO_SHAPES,
  'silero_vad_legacy.onnx': SILERO_LEGACY_SHAPES,
  'silero_vad_op18_ifless.onnx': SILERO_SHAPES,
  'silero_vad_v5.onnx': SILERO_SHAPES,
  '@upscalerjs-esrgan-slim-1.0.0/model.json': { LR: [1, 128, 128, 3] },
};

/** Shapes that a file of this name leaves open; none for one that is not known. */
export const knownShapes = (name: string): Shapes => (Object.hasOwn(SHAPES, name) ? (SHAPES[name] as Shapes) : {});
