export type {
  AnyDeviceKind,
  Device,
  DeviceFacts,
  DeviceHost,
  DeviceKind,
  HostDeath,
  HostListener,
  HostTransport,
} from './device.ts';
export { DeviceLostError, DeviceUnavailableError } from './errors.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export { deviceOf, type PlacedBackend, placeBackend } from './place-backend.ts';
