import type { DeviceFacts, DeviceFinding, HostDeath, Pinning } from '@nnm/core';

/** What is said to an agent. */
export type ToAgent =
  /** A request of the engine to the measuring host, with the bytes of a model where it has one. */
  | { readonly type: 'request'; readonly message: object; readonly model?: Uint8Array }
  | { readonly type: 'pin'; readonly threads: number }
  | { readonly type: 'check' }
  /** Somebody is still here: an agent that hears nothing ends itself. */
  | { readonly type: 'ping' }
  /** End the measuring host, and the agent with it. */
  | { readonly type: 'end' };

/** What an agent says. */
export type FromAgent =
  | { readonly type: 'hello'; readonly facts: DeviceFacts }
  | { readonly type: 'reply'; readonly message: unknown }
  | { readonly type: 'pinned'; readonly pinning: Pinning }
  | { readonly type: 'findings'; readonly findings: readonly DeviceFinding[] }
  | { readonly type: 'pong' }
  /** The measuring host has ended; the agent ends now. */
  | { readonly type: 'died'; readonly death: HostDeath };

/** How often the side that asks says that it is there. */
export const PING_MS = 5000;
/** A side that has heard nothing for so long takes the connection for dead. */
export const SILENCE_MS = 30_000;

/** The line after which a program on the board speaks to nnm: what login shells print comes before it. */
export function markLine(token: string): string {
  return `<nnm ${token}>`;
}
