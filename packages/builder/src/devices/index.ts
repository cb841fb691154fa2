export { type DevicePlace, deviceError, findDevice, HERE, isHere, kindIdOf, namesFor } from './device-address.ts';
export {
  forgetDevice,
  type NamedDevice,
  type NamedDevices,
  nameDevice,
  readNamedDevices,
} from './named-devices.ts';
