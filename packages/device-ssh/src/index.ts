import { definePlugin } from '@nnm/core';
import { version } from '../package.json';
import { sshDeviceKind } from './ssh-device-kind.ts';

/** The plugin: one kind of device, `ssh`. */
export default definePlugin({
  name: '@nnm/device-ssh',
  version,
  apiVersion: 1,
  devices: [sshDeviceKind],
});
