import {
  type AnyBackend,
  type Device,
  type DeviceHost,
  DeviceLostError,
  DeviceUnavailableError,
  type HostListener,
  Notices,
  type Pinning,
} from '@nnm/core';
import { Adb } from './adb/adb.ts';
import { choosePhone } from './adb/choose-phone.ts';
import { findAdb } from './adb/find-adb.ts';
import { AdbHost } from './adb-host.ts';
import { Phone, PhoneLostError } from './phone/phone.ts';
import { deviceFacts, FACTS_SCRIPT, type PhoneFacts, readFacts } from './phone/phone-facts.ts';
import { thermalState } from './phone/thermal.ts';
import { type AdbSettings, cpusOf } from './settings.ts';
import { bringTool } from './tool/benchmark-tool.ts';

/** How often a phone that is gone is looked for. */
const LOOK_MS = 500;
/** A phone that restarts so often while it measures is not measured on further. */
const MAX_RESTARTS = 3;

/** A phone as the device of one backend. */
export class AdbDevice implements Device {
  readonly id = 'adb';
  private phone: Phone | undefined;
  private boot: string | undefined;
  private restarts = 0;
  private heat = '';
  private readonly notices = new Notices();

  constructor(
    private readonly settings: AdbSettings,
    private readonly backend: AnyBackend,
  ) {}

  get patienceMs(): number {
    return this.settings.waitMs;
  }

  onNotice(listener: (text: string) => void): void {
    this.notices.listen(listener);
  }

  async connect(listener: HostListener): Promise<DeviceHost> {
    const { settings, backend } = this;
    const phone = await this.find();
    try {
      const facts = readFacts(await phone.script(FACTS_SCRIPT));
      this.countRestart(facts);
      assertTaskset(settings, facts);
      const tool = await bringTool(phone, settings, facts.abis);
      const transport = new AdbHost({ phone, tool, settings, backend, onThermal: (values) => this.hearHeat(values) }, listener);
      this.heat = thermalState(facts.values)?.text ?? '';
      return {
        transport,
        facts: deviceFacts(facts, phone.serial),
        runtime: 'benchmark_model',
        pin: async () => pinningOf(settings),
      };
    } catch (error) {
      if (!(error instanceof PhoneLostError)) throw error;
      throw new DeviceLostError(
        { device: this.id, death: { code: 'ERR_DEVICE_AWAY', reason: `was unplugged or lost its connection (${error.said})` } },
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    const { phone } = this;
    this.phone = undefined;
    await phone?.clean();
  }

  /** The phone: at once the first time, and with patience when it was there before. */
  private async find(): Promise<Phone> {
    const adb = new Adb(findAdb(this.settings.adb));
    if (this.phone === undefined) {
      const serial = await choosePhone(adb, this.settings.serial);
      this.phone = new Phone(adb.for(serial), this.settings.modelFolder);
      return this.phone;
    }
    await this.waitFor(adb, this.phone.serial);
    return this.phone;
  }

  private async waitFor(adb: Adb, serial: string): Promise<void> {
    const endMs = performance.now() + this.settings.waitMs;
    for (let told = false; ; ) {
      try {
        await choosePhone(adb, serial);
        return;
      } catch (error) {
        if (!(error instanceof DeviceUnavailableError) || performance.now() > endMs) throw error;
      }
      if (!told) this.notices.tell(`The phone ${serial} is gone: plug it in again within ${this.settings.waitMs / 1000} s.`);
      told = true;
      // One that is reached over the network is forgotten by adb when it is gone.
      if (/:\d+$/.test(serial)) await adb.run('connect', serial);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  private countRestart({ boot }: PhoneFacts): void {
    if (this.boot !== undefined && boot !== undefined && boot !== this.boot) this.restarts++;
    this.boot = boot;
    if (this.restarts < MAX_RESTARTS) return;
    throw new DeviceUnavailableError({
      device: this.id,
      reason: `the phone restarted ${this.restarts} times while it measured`,
      hint: 'Let it cool, charge it, and see whether one model does it: the last one that was begun stands in the journal.',
    });
  }

  private hearHeat(values: Readonly<Record<string, string>>): void {
    const state = thermalState(values);
    if (state === undefined || state.text === this.heat) return;
    this.heat = state.text;
    if (state.isThrottled)
      this.notices.tell(`${state.sentence} The reference shows it, and what is measured meanwhile is measured again or flagged.`);
  }
}

/** @throws {@link DeviceUnavailableError} for CPUs that the phone does not have */
export function assertTaskset({ taskset }: AdbSettings, { cores, values }: PhoneFacts): void {
  if (taskset === undefined) return;
  const refuse = (reason: string, hint: string): never => {
    throw new DeviceUnavailableError({ device: 'adb', reason, hint });
  };
  if (values.taskset === undefined) refuse('the phone has no program taskset', 'Leave TASKSET out of configs/backend_config.yaml.');
  const missing = cpusOf(taskset).filter((cpu) => cpu >= cores);
  if (values.possible !== undefined && missing.length > 0) {
    refuse(
      `TASKSET ${taskset} names the ${missing.length === 1 ? 'CPU' : 'CPUs'} ${missing.join(', ')}, and the phone has the CPUs ${values.possible}`,
      'TASKSET in configs/backend_config.yaml is a mask in hexadecimal digits: f0 are the CPUs 4 to 7.',
    );
  }
}

function pinningOf({ taskset }: AdbSettings): Pinning {
  return taskset === undefined
    ? { notPinned: 'TASKSET is not set, so Android moves it between fast and slow CPUs' }
    : { cpus: cpusOf(taskset) };
}
