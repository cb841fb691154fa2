import { definePlugin } from '@nnm/core';
import { version } from '../package.json';
import { adbDeviceKind } from './adb-device-kind.ts';

/** The plugin: one kind of device, `adb`. */
export default definePlugin({
  name: '@nnm/device-adb',
  version,
  apiVersion: 1,
  devices: [adbDeviceKind],
});
