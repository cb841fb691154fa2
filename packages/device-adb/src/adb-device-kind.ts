import type { DeviceKind } from '@nnm/core';
import { findAdb } from './adb/find-adb.ts';
import { AdbDevice } from './adb-device.ts';
import { checkPhone, cleanPhone } from './check-phone.ts';
import { ADB_KEYS, type AdbSettings, parseAdbSettings } from './settings.ts';

/** `DEVICE: adb`, or `adb://<serial>`. */
export const adbDeviceKind: DeviceKind<AdbSettings> = {
  id: 'adb',
  description: "An Android phone over adb, on whose CPU TensorFlow Lite's benchmark_model measures.",
  keys: ADB_KEYS,
  address: '<serial>',
  parseSettings: parseAdbSettings,
  refuse: (backend) =>
    backend.benchmarkModel === undefined
      ? `${backend.id} makes no models for TensorFlow Lite's benchmark_model on a phone's CPU.`
      : undefined,
  // Asking it for phones would start its server.
  look: (settings) => findAdb(settings?.adb),
  open: (settings, backend) => new AdbDevice(settings, backend),
  check: checkPhone,
  remove: cleanPhone,
};
