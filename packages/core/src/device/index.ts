export type {
  AnyDeviceKind,
  Device,
  DeviceFacts,
  DeviceFinding,
  DeviceHost,
  DeviceKind,
  HostDeath,
  HostListener,
  HostTransport,
  Pinning,
} from './device.ts';
export { DeviceLostError, DeviceUnavailableError } from './errors.ts';
export { libraryPlatform } from './library-platform.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export { Notices } from './notices.ts';
export { deviceOf, type PlacedBackend, placeBackend } from './place-backend.ts';
