/**
 * Networks that runtimes are calibrated with: how the time of a whole network follows from its kernels. Of every kind some, none of them
 * larger than a minute's measuring. They say nothing of how good a calibration is; all others do.
 */
export const calibrationNetworkNames: readonly string[] = [
  'mobilenet-v1-0.5',
  'mobilenet-v2',
  'mobilenet-v3-small',
  'shufflenet-v2-0.5',
  'squeezenet-1.1',
  'resnet-18',
  'googlenet',
  'regnet-x-400mf',
  'efficientnet-lite0',
  'densenet-121',
  'alexnet',
  'deit-t',
  'bert-small',
  'yolo-v5n',
  'resnet-8',
  'visual-wake-words',
  'ds-cnn',
];
