import { definePlugin } from '@nnm/core';
import { version } from '../package.json';
import { browserDeviceKind } from './browser-device-kind.ts';

/** The plugin: one kind of device, `browser`. */
export default definePlugin({
  name: '@nnm/device-browser',
  version,
  apiVersion: 1,
  devices: [browserDeviceKind],
});
