export { type DevicePlace, deviceError, findDevice, HERE, isHere, kindIdOf, namesFor } from './device-address.ts';
export {
  forgetDevice,
  type NamedDevice,
  type NamedDevices,
  nameDevice,
  namedDevicesFile,
  readNamedDevices,
} from './named-devices.ts';
