import { DeviceUnavailableError } from '@nnm/core';
import { type Adb, saidBy } from './adb.ts';

/** A line of `adb devices -l`. */
export interface ListedPhone {
  readonly serial: string;
  /** `device` where it can be used. */
  readonly state: string;
  /** Such as `Pixel_8`; empty where adb does not know. */
  readonly model: string;
}

/** @throws {@link DeviceUnavailableError} when adb cannot tell */
export async function listPhones(adb: Adb): Promise<readonly ListedPhone[]> {
  const result = await adb.run('devices', '-l');
  if (result.status !== 0) {
    throw new DeviceUnavailableError({
      device: 'adb',
      reason: `${adb.file} cannot list phones: ${saidBy(result)}`,
      hint: 'Run `adb kill-server`, then `adb devices`. ANDROID_ADB_SERVER_PORT names another server.',
    });
  }
  return result.stdout.split('\n').flatMap((line) => {
    const [, serial, state, rest = ''] = /^(\S+)\s+(no permissions|\S+)(.*)$/.exec(line) ?? [];
    if (serial === undefined || state === undefined || serial === '*' || serial === 'List') return [];
    return [{ serial, state, model: /model:(\S+)/.exec(rest)?.[1] ?? '' }];
  });
}

/** What to do about a state in which a phone cannot be used. */
const STATES: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  unauthorized: {
    reason: 'has not allowed this machine to use it',
    hint: 'Unlock it and accept its question about USB debugging. When it does not ask, `adb kill-server` makes it ask again.',
  },
  authorizing: {
    reason: 'is asking whether this machine may use it',
    hint: 'Unlock it, accept its question about USB debugging, and run the same command again.',
  },
  offline: {
    reason: 'is offline: it is connected and does not answer',
    hint: 'Unplug it and plug it in again, or run `adb reconnect offline`; over the network, `adb disconnect` and `adb connect`.',
  },
  'no permissions': {
    reason: 'may not be used by this user',
    hint: 'On Linux, udev rules give access (Debian: apt-get install android-sdk-platform-tools-common); then unplug it and plug it in again.',
  },
};

const LIST_HINT = 'Set DEVICE_SERIAL in configs/backend_config.yaml to one of the serials that `adb devices` lists.';

/**
 * The phone to measure on.
 *
 * @param asked - undefined for that of ANDROID_SERIAL, or the only one that is connected
 * @returns its serial
 * @throws {@link DeviceUnavailableError} naming the phones that there are
 */
export async function choosePhone(adb: Adb, asked: string | undefined): Promise<string> {
  const serial = asked ?? (process.env.ANDROID_SERIAL || undefined);
  const phones = await listPhones(adb);
  const refuse = (reason: string, hint: string): never => {
    throw new DeviceUnavailableError({ device: 'adb', reason, hint });
  };
  if (phones.length === 0) {
    return refuse(
      serial === undefined ? 'no phone is connected' : `no phone is connected, and none is ${serial}`,
      'Switch on USB debugging in the developer options of the phone and plug it in, or `adb connect <address>`; `adb devices` lists it then.',
    );
  }
  const others = phones.map(
    ({ serial, state, model }) => `${serial}${model === '' ? '' : ` (${model})`}${state === 'device' ? '' : `, ${state}`}`,
  );
  const [only] = serial === undefined ? phones : phones.filter((phone) => phone.serial === serial);
  if (only === undefined) return refuse(`no phone has the serial ${serial}; connected: ${others.join('; ')}`, LIST_HINT);
  if (serial === undefined && phones.length > 1) return refuse(`${phones.length} phones are connected: ${others.join('; ')}`, LIST_HINT);
  if (only.state !== 'device') {
    const known = STATES[only.state] ?? {
      reason: `is in the state "${only.state}"`,
      hint: 'Start Android on it: measuring needs its normal system.',
    };
    return refuse(`the phone ${only.serial} ${known.reason}`, known.hint);
  }
  return only.serial;
}
