/** What the server says to the page. Models travel inside the message. */
export type ToPage =
  /** Start a worker for a measuring host. */
  | { readonly type: 'start'; readonly host: number }
  /** A request of the engine to it. */
  | { readonly type: 'ask'; readonly host: number; readonly message: object; readonly model?: Uint8Array }
  /** End it at once. */
  | { readonly type: 'end'; readonly host: number }
  /** Are you there? */
  | { readonly type: 'ping'; readonly count: number };

/** What the page says to the server. */
export type FromPage =
  | { readonly type: 'hello'; readonly page: string; readonly hidden: boolean; readonly about: AboutPage }
  /** The worker of a host is loaded. */
  | { readonly type: 'ready'; readonly host: number }
  | { readonly type: 'reply'; readonly host: number; readonly reply: unknown }
  /** The worker of a host failed outside of any request. */
  | { readonly type: 'died'; readonly host: number; readonly reason: string }
  | { readonly type: 'visibility'; readonly hidden: boolean }
  /** The page's own clock has jumped: it was frozen or put to sleep. */
  | { readonly type: 'slept'; readonly ms: number }
  /** The page is being closed, left or reloaded. */
  | { readonly type: 'bye' }
  | { readonly type: 'pong'; readonly count: number };

/** What a page knows of its browser and the machine under it; empty and 0 where the browser does not tell. */
export interface AboutPage {
  readonly userAgent: string;
  /** Of the client hints: names and full versions, in no order. */
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly platform: string;
  readonly arch: string;
  /** Of a phone: `Pixel 8`. */
  readonly model: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly isolated: boolean;
  readonly secure: boolean;
  readonly webgpu: boolean;
}

/** Codes with which the server closes a page's connection, and what they mean to it. */
export const CLOSE_CODES = {
  /** Another tab is the device. */
  secondTab: 4002,
  /** nnm has finished. */
  finished: 4003,
} as const;
