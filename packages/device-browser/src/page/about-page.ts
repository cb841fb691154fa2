import type { AboutPage } from '../protocol.ts';

interface Hints {
  readonly architecture?: string;
  readonly bitness?: string;
  readonly model?: string;
  readonly platform?: string;
  readonly fullVersionList?: readonly { readonly brand: string; readonly version: string }[];
}

interface Navigator2 {
  readonly userAgent: string;
  readonly hardwareConcurrency?: number;
  readonly deviceMemory?: number;
  readonly gpu?: object;
  readonly userAgentData?: { readonly platform: string; getHighEntropyValues(hints: readonly string[]): Promise<Hints> };
}

/** What this browser tells of itself and of the machine under it. */
export async function readAboutPage(): Promise<AboutPage> {
  const { userAgent, userAgentData, hardwareConcurrency = 1, deviceMemory = 0, gpu } = navigator as unknown as Navigator2;
  // Chromium alone has them, and only in secure contexts.
  const hints = (await userAgentData?.getHighEntropyValues(['architecture', 'bitness', 'model', 'fullVersionList'])) ?? {};
  return {
    userAgent,
    brands: hints.fullVersionList ?? [],
    platform: userAgentData?.platform ?? '',
    arch: `${hints.architecture ?? ''}${hints.bitness ?? ''}`,
    model: hints.model ?? '',
    cores: hardwareConcurrency,
    memoryGib: deviceMemory,
    isolated: crossOriginIsolated === true,
    secure: isSecureContext,
    webgpu: gpu !== undefined,
  };
}
