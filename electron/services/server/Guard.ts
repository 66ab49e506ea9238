import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly text: string;
}

const secret = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Takes the same time whatever differs, lengths included. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/**
 * Lets in one browser: the one that opens the printed address. A request must name this server by a loopback name
 * (against rebinding), come from its own pages (against other sites), and carry the cookie that the one-time token in
 * the printed address was exchanged for (against other users of the machine).
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>;
  readonly #cookieName: string;
  readonly #session = secret();
  #token = secret();

  constructor(port: number) {
    this.#hosts = new Set([`127.0.0.1:${String(port)}`, `localhost:${String(port)}`]);
    this.#cookieName = `storyloom-${String(port)}`;
  }

  /** The token of the next address to print; the one before it is void. */
  renewToken(): string {
    this.#token = secret();
    return this.#token;
  }

  /** The cookie to set, in exchange for the token; `null` when it is wrong or was used. */
  exchange(token: string): string | null {
    if (!same(token, this.#token)) return null;
    this.renewToken();
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Whether the request names this server. Checked before everything else. */
  refuseHost(headers: IncomingHttpHeaders): Refusal | null {
    if (headers.host && this.#hosts.has(headers.host)) return null;
    return { status: 421, text: 'This is not the address of the studio' };
  }

  /** Whether the request comes from our own page; `originRequired` where it may change something. */
  refuseOrigin(headers: IncomingHttpHeaders, originRequired: boolean): Refusal | null {
    const refusal: Refusal = { status: 403, text: 'Other sites may not use the studio' };
    const { origin } = headers;
    if (origin === undefined ? originRequired : origin !== `http://${headers.host ?? ''}`) return refusal;
    const site = headers['sec-fetch-site'];
    if (site === undefined || site === 'same-origin' || (site === 'none' && !originRequired)) return null;
    return refusal;
  }

  refuseStranger(headers: IncomingHttpHeaders): Refusal | null {
    for (const pair of (headers.cookie ?? '').split(';')) {
      const [name, value] = pair.trim().split('=', 2);
      if (name === this.#cookieName && value && same(value, this.#session)) return null;
    }
    return { status: 401, text: 'Open the address that the studio printed when it started' };
  }
}
