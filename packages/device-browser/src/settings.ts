import { InvalidSettingsError } from '@nnm/core';
import { z } from 'zod';

/** How a browser becomes the device. */
export interface BrowserSettings {
  /** A name, the path of a program, or `link`; undefined for the first browser that is installed. */
  readonly browser: string | undefined;
  readonly args: readonly string[];
  /** Show the window of a browser that nnm starts. */
  readonly window: boolean;
  /** 0 for any that is free. */
  readonly port: number;
  readonly lan: boolean;
  /** An Android phone over USB on which the link is opened: its serial, or the only one. Undefined where somebody opens it. */
  readonly phone: { readonly serial: string | undefined } | undefined;
  /** How long to wait for a page, milliseconds. */
  readonly waitMs: number;
}

/** Seconds to wait: a browser that nnm starts is quick, somebody with a phone is not. */
const WAIT_S = { started: 60, link: 300 } as const;

const schema = z.strictObject({
  BROWSER: z.string().min(1).optional(),
  BROWSER_ARGS: z.array(z.string()).default([]),
  BROWSER_WINDOW: z.boolean().default(false),
  PORT: z.int().min(0).max(65_535).default(0),
  LAN: z.boolean().default(false),
  ADB_REVERSE: z.union([z.boolean(), z.string().min(1), z.int().min(0).transform(String)]).default(false),
  WAIT_S: z.number().min(1).max(86_400).optional(),
});

/** The keys of `configs/backend_config.yaml` that belong to a browser. */
export const BROWSER_KEYS: readonly string[] = Object.keys(schema.shape);

/** @throws {@link InvalidSettingsError} with every problem */
export function parseBrowserSettings(raw: Readonly<Record<string, unknown>>): BrowserSettings {
  const parsed = schema.safeParse(raw);
  const problems = parsed.success
    ? linkProblems(raw)
    : parsed.error.issues.map(({ path, message }) => ({ key: path.join('.'), message: `is not valid: ${message}` }));
  if (!parsed.success || problems.length > 0) throw new InvalidSettingsError({ backend: 'the device browser', problems });
  const { BROWSER, BROWSER_ARGS, BROWSER_WINDOW, PORT, LAN, ADB_REVERSE, WAIT_S: waitS } = parsed.data;
  const isLink = BROWSER === 'link' || LAN || ADB_REVERSE !== false;
  return {
    browser: isLink ? 'link' : BROWSER,
    args: BROWSER_ARGS,
    window: BROWSER_WINDOW,
    port: PORT,
    lan: LAN,
    phone: ADB_REVERSE === false ? undefined : { serial: ADB_REVERSE === true ? undefined : ADB_REVERSE },
    waitMs: 1000 * (waitS ?? (isLink ? WAIT_S.link : WAIT_S.started)),
  };
}

/** Who opens a link decides which browser it is. */
function linkProblems({ LAN, ADB_REVERSE, BROWSER }: Readonly<Record<string, unknown>>): readonly { key: string; message: string }[] {
  const isReversed = ADB_REVERSE !== undefined && ADB_REVERSE !== false;
  if (LAN === true && isReversed) {
    return [{ key: 'ADB_REVERSE', message: 'must be left out with LAN: a phone reaches this machine by the cable or by the network' }];
  }
  if ((LAN === true || isReversed) && BROWSER !== undefined && BROWSER !== 'link') {
    const key = isReversed ? 'ADB_REVERSE' : 'LAN';
    return [{ key: 'BROWSER', message: `must be link or left out with ${key}: whoever opens the link brings the browser` }];
  }
  return [];
}
