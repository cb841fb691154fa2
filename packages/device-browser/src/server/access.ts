import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a request may have what it asks for. */
export type Verdict =
  | { readonly ok: true; readonly cookie?: string }
  | { readonly ok: false; readonly status: number; readonly reason: string };

/**
 * Who may use the page: whoever opens it with the token of its link, and from then on the browser that did, by a cookie. A link that can
 * be seen in a network admits one browser only.
 */
export class Access {
  readonly token = randomBytes(18).toString('base64url');
  private readonly key = randomBytes(18).toString('base64url');
  private used = false;

  /** @param oneTime - the token admits one browser */
  constructor(private readonly oneTime: boolean) {}

  /**
   * @param hosts - names and addresses under which the page is served: anything else is another site's name for this machine
   */
  check(request: IncomingMessage, port: number, hosts: readonly string[]): Verdict {
    const host = request.headers.host ?? '';
    if (!hosts.some((name) => host === `${name}:${port}` || (port === 80 && host === name))) {
      return { ok: false, status: 403, reason: 'This page is not served under that name.' };
    }
    const cookieName = `nnm_${port}`;
    if (isSame(cookieOf(request, cookieName), this.key)) return { ok: true };
    const url = new URL(request.url ?? '/', 'http://nnm');
    if (url.pathname !== '/' || !isSame(url.searchParams.get('token') ?? '', this.token)) {
      return { ok: false, status: 403, reason: 'Open the link as nnm prints it: its token is missing or wrong.' };
    }
    if (this.oneTime && this.used) {
      return { ok: false, status: 403, reason: 'Another browser has used this link already. Start nnm again for a new one.' };
    }
    this.used = true;
    return { ok: true, cookie: `${cookieName}=${this.key}; HttpOnly; SameSite=Strict; Path=/` };
  }

  /** The same for a connection, which only a page of this server may open. */
  checkConnection(request: IncomingMessage, port: number, hosts: readonly string[]): Verdict {
    if (request.headers.origin !== `http://${request.headers.host}`) {
      return { ok: false, status: 403, reason: 'Only the page of nnm itself may connect.' };
    }
    return this.check(request, port, hosts);
  }
}

function cookieOf(request: IncomingMessage, name: string): string {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
