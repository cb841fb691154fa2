import { expect, it } from 'vitest';
import { cpusOf, parseAdbSettings } from './settings.ts';

it('takes the keys of nn-Meter, with what its own file leaves empty', () => {
  const original = {
    REMOTE_MODEL_DIR: '/mnt/sdcard/tflite_bench',
    BENCHMARK_MODEL_PATH: '/data/local/tmp/benchmark_model',
    DEVICE_SERIAL: null,
    KERNEL_PATH: null,
  };
  expect(parseAdbSettings(original)).toEqual({
    serial: undefined,
    modelFolder: '/mnt/sdcard/tflite_bench',
    tool: { onPhone: '/data/local/tmp/benchmark_model' },
    taskset: undefined,
    adb: undefined,
    waitMs: 60_000,
  });
  expect(parseAdbSettings({ DEVICE_SERIAL: '', KERNEL_PATH: '' })).toMatchObject({ serial: undefined, modelFolder: '/data/local/tmp' });
});

it('fills in defaults', () => {
  expect(parseAdbSettings({ DEVICE_SERIAL: 12345678, TASKSET: '0xF0', BENCHMARK_MODEL_FILE: '/bm', WAIT_S: 5 })).toMatchObject({
    serial: '12345678',
    tool: { here: '/bm' },
    taskset: 'f0',
    waitMs: 5000,
  });
  expect(cpusOf('f1')).toEqual([0, 4, 5, 6, 7]);
});

it.each([
  ['KERNEL_PATH', { KERNEL_PATH: '/data/local/tmp/kernels' }, /KERNEL_PATH is where tflite_gpu of nn-Meter writes its kernels/],
  ['a mask that YAML has read as a number', { TASKSET: 112 }, /TASKSET must be text in quotes/],
  ['no CPU at all', { TASKSET: '00' }, /TASKSET must be a mask/],
  ['a folder of this machine', { REMOTE_MODEL_DIR: 'models' }, /REMOTE_MODEL_DIR must be an absolute path on the phone/],
  ['two programs', { BENCHMARK_MODEL_FILE: '/bm', BENCHMARK_MODEL_PATH: '/bm' }, /leave one of them out/],
  ['a file that lies somewhere', { BENCHMARK_MODEL_FILE: 'bm' }, /BENCHMARK_MODEL_FILE must be the absolute path/],
  ['no patience', { WAIT_S: 0 }, /WAIT_S/],
])('refuses %s', (_, raw, message) => {
  expect(() => parseAdbSettings(raw)).toThrow(message);
});

it('takes a serial as an address', () => {
  expect(parseAdbSettings({}, '127.0.0.1:5555').serial).toBe('127.0.0.1:5555');
  expect(parseAdbSettings({ DEVICE_SERIAL: 'R5CT10ABCDE' }, 'R5CT10ABCDE').serial).toBe('R5CT10ABCDE');
  expect(() => parseAdbSettings({ DEVICE_SERIAL: 'R5CT10ABCDE' }, 'other')).toThrow(/DEVICE_SERIAL is not the serial in DEVICE/);
  expect(() => parseAdbSettings({}, '')).toThrow(/DEVICE must be adb:\/\/<serial>/);
});
