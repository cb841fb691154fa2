import { type DeviceFinding, DeviceUnavailableError, NnmError } from '@nnm/core';
import { Adb } from './adb/adb.ts';
import { choosePhone } from './adb/choose-phone.ts';
import { findAdb } from './adb/find-adb.ts';
import { assertTaskset } from './adb-device.ts';
import { Phone, PhoneLostError } from './phone/phone.ts';
import { deviceFacts, FACTS_SCRIPT, readFacts } from './phone/phone-facts.ts';
import { thermalState } from './phone/thermal.ts';
import type { AdbSettings } from './settings.ts';
import { bringTool } from './tool/benchmark-tool.ts';

/** Find out about a phone before anything is measured there. What cannot be used is a finding, with which it ends. */
export async function* checkPhone(settings: AdbSettings): AsyncGenerator<DeviceFinding> {
  let doing = 'adb';
  let phone: Phone | undefined;
  try {
    const adb = new Adb(findAdb(settings.adb));
    yield { what: doing, status: 'ok', text: adb.file };
    doing = 'phone';
    phone = new Phone(adb.for(await choosePhone(adb, settings.serial)), settings.modelFolder);
    const facts = readFacts(await phone.script(FACTS_SCRIPT));
    const { name, version, cpu, cores, arch } = deviceFacts(facts, phone.serial);
    yield { what: doing, status: 'ok', text: `${name}, Android ${version}, serial ${phone.serial}` };
    doing = 'CPUs';
    assertTaskset(settings, facts);
    yield settings.taskset === undefined
      ? {
          what: doing,
          status: 'warning',
          text: `${cpu}, ${cores} of ${arch}; Android moves runs between them`,
          hint: 'Set TASKSET to CPUs of one kind.',
        }
      : { what: doing, status: 'ok', text: `${cpu}, ${cores} of ${arch}; runs stay on the mask ${settings.taskset}` };
    const heat = thermalState(facts.values);
    if (heat === undefined) yield { what: 'heat', status: 'unknown', text: 'the phone does not tell' };
    else
      yield {
        what: 'heat',
        status: heat.isThrottled ? 'warning' : 'ok',
        text: heat.text,
        ...(heat.isThrottled && { hint: 'Let it cool, unplugged from a fast charger.' }),
      };
    doing = 'benchmark_model';
    const { path, sha256 } = await bringTool(phone, settings, facts.abis);
    yield { what: doing, status: 'ok', text: `${'here' in settings.tool ? settings.tool.here : path}, SHA-256 ${sha256.slice(0, 12)}` };
  } catch (error) {
    yield { what: doing, status: 'failed', ...describe(error) };
  } finally {
    await phone?.clean();
  }
}

function describe(error: unknown): { readonly text: string; readonly hint?: string } {
  if (error instanceof PhoneLostError) return { text: `the phone was lost: ${error.said}`, hint: 'Plug it in again.' };
  if (!NnmError.isInstance(error)) throw error;
  return { text: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
}

/** Delete everything of nnm on a phone, also what sessions that were killed have left. @returns what was deleted @throws {@link DeviceUnavailableError} */
export async function cleanPhone(settings: AdbSettings): Promise<string> {
  const adb = new Adb(findAdb(settings.adb));
  const phone = new Phone(adb.for(await choosePhone(adb, settings.serial)), settings.modelFolder);
  try {
    const removed = await phone.removeAll();
    return removed.length === 0
      ? `Nothing of nnm is on the phone ${phone.serial}.`
      : `Deleted ${removed.join(' and ')} of the phone ${phone.serial}.`;
  } catch (error) {
    if (!(error instanceof PhoneLostError)) throw error;
    throw new DeviceUnavailableError(
      { device: 'adb', reason: `the phone was lost: ${error.said}`, hint: 'Plug it in again, and run the same command.' },
      { cause: error },
    );
  }
}
