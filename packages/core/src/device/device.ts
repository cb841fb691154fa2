import type { AnyBackend } from '../backend/index.ts';

/**
 * How a measuring host ended. `ERR_DEVICE_AWAY`: the device was taken away from it, as by hiding a browser's tab, which is no fault of what
 * it worked on.
 */
export interface HostDeath {
  readonly code: 'ERR_KERNEL_CRASHED' | 'ERR_KERNEL_TIMEOUT' | 'ERR_KERNEL_OUT_OF_MEMORY' | 'ERR_KERNEL_KILLED' | 'ERR_DEVICE_AWAY';
  /** Completes "The profiling process ...", or "The device ...". */
  readonly reason: string;
}

/** What the engine wants to hear of a measuring host. */
export interface HostListener {
  /** A reply from the host; what it holds is the host's word only, and to be checked. */
  message(message: unknown): void;
  /** The host has ended, for whatever reason. Called once, after the last message. */
  end(death: HostDeath): void;
}

/** Carries messages to a measuring host, which may hang or end at any moment: the same protocol by a pipe, a WebSocket or anything else. */
export interface HostTransport {
  readonly hasEnded: boolean;
  /** Settles once the host is gone and its listener has been told. */
  readonly ended: Promise<void>;
  /** Send a request, with the bytes of a model where it has one. A failed send means that the host is gone, which its listener hears. */
  send(message: object, model?: Uint8Array): void;
  /**
   * End the host at once, whatever it does.
   *
   * @param death - what the listener is told; default: that it was killed
   */
  kill(death?: HostDeath): void;
}

/** What a device says of itself; stored with every measurement. */
export interface DeviceFacts {
  /** Such as `browser`. */
  readonly kind: string;
  /** Such as `Chromium`. */
  readonly name: string;
  /** Two devices of one name are the same when the first number of their versions is. */
  readonly version: string;
  /**
   * Tells it from others of its model, such as a serial number or an address: by it is remembered what only holds for this one, such as how
   * fast it is when it is quiet. Absent where that is this machine's business alone, or where it does not tell.
   */
  readonly unit?: string;
  /** `unknown` where the device does not tell. */
  readonly cpu: string;
  /** Logical CPUs. */
  readonly cores: number;
  readonly memoryBytes?: number;
  readonly platform: string;
  readonly arch: string;
  /** Frequency governor of its CPUs, such as `performance`; absent where it has none or does not tell. */
  readonly governor?: string;
  /** Version of the Node.js that its runtime runs in; absent where it runs in none. */
  readonly node?: string;
  /** Further facts for people, by name. */
  readonly details: Readonly<Record<string, string>>;
  /** Things worth telling the user, as full sentences. */
  readonly notes: readonly string[];
}

/** The logical CPUs that a runtime was pinned to, or why it was not: completes "The runtime is not pinned to a CPU: ...". */
export type Pinning = { readonly cpus: readonly number[] } | { readonly notPinned: string };

/** A measuring host on a device, without a runtime yet. */
export interface DeviceHost {
  readonly transport: HostTransport;
  readonly facts: DeviceFacts;
  /** URL by which the host imports the backend's runtime. */
  readonly runtime: string;
  /**
   * Keep the started runtime, with all its threads, on as many CPUs of the device as it has threads; called again when it had to share
   * them. Never rejects. Absent where the device places its work itself.
   */
  pin?(threads: number): Promise<Pinning>;
}

/** Somewhere else than on this machine's operating system where the runtime of one backend is started; opened by a {@link DeviceKind}. */
export interface Device {
  readonly id: string;
  /** How long {@link connect} may wait for somebody to bring the device, milliseconds. */
  readonly patienceMs: number;
  /**
   * Start a measuring host. The device is opened with the first one, and stays open.
   *
   * @throws {@link DeviceLostError} when it ended while the host was starting, so that another try may succeed
   */
  connect(listener: HostListener): Promise<DeviceHost>;
  /** Hear what somebody has to do, such as to open a link. What was said before is said again. */
  onNotice(listener: (text: string) => void): void;
  /** Give everything back. A device that is used again opens again. */
  close(): Promise<void>;
}

/** One thing that was found out about a device, for `nnm device check`. */
export interface DeviceFinding {
  /** What was looked at: `connection`, `temperature`. */
  readonly what: string;
  /** `unknown`: the device does not tell. */
  readonly status: 'ok' | 'warning' | 'failed' | 'unknown';
  /** What was found, as a phrase. */
  readonly text: string;
  /** What to do about it, as a full sentence. */
  readonly hint?: string;
}

/** A kind of device, such as `browser`: what `DEVICE` in `configs/backend_config.yaml` names. Made by plugins. */
export interface DeviceKind<S = unknown> {
  /** Lower-case letters, digits, `_` and `-`. */
  readonly id: string;
  readonly description: string;
  /** Keys of `configs/backend_config.yaml` that are the device's, not the backend's. */
  readonly keys: readonly string[];
  /**
   * What stands behind `<id>://` where `DEVICE` is an address, for people: `[user@]board[:port]`. Absent for a kind whose devices have no
   * addresses.
   */
  readonly address?: string;
  /**
   * Check the values of {@link keys} and the address, fill in defaults.
   *
   * @param address - what stands behind `<id>://` in `DEVICE`; undefined where `DEVICE` is the kind's id alone
   * @throws {@link InvalidSettingsError} listing every wrong key; that of a wrong or missing address is `DEVICE`
   */
  parseSettings(raw: Readonly<Record<string, unknown>>, address?: string): S;
  /** Why a backend does not run there, as a full sentence; undefined when it does. */
  refuse(backend: AnyBackend): string | undefined;
  /**
   * What there is to use here, found out without starting anything.
   *
   * @param settings - undefined for a kind with addresses, when it is asked without one
   * @returns words such as the path of a program
   * @throws {@link DeviceUnavailableError} saying what is missing and how to get it
   */
  look(settings?: S): string | Promise<string>;
  /** A device for one backend. Does nothing yet. */
  open(settings: S, backend: AnyBackend): Device;
  /**
   * Find out about a device before anything is measured there: whether it answers, what it has, whether it is hot or throttled. Noise is
   * not among it, which a runtime tells. A device that cannot be used is a finding, with which it ends, not an error.
   */
  check?(settings: S): AsyncIterable<DeviceFinding>;
  /**
   * Delete what measuring has left on a device.
   *
   * @returns what was deleted, as a full sentence
   * @throws {@link DeviceUnavailableError} when the device cannot be reached
   */
  remove?(settings: S): Promise<string>;
}

/** Any kind of device, whatever its settings. */
// biome-ignore lint/suspicious/noExplicitAny: a kind consumes its settings, so DeviceKind<S> is not a DeviceKind<unknown>
export type AnyDeviceKind = DeviceKind<any>;
