import { AppError } from '#shared/errors/AppError.ts';

/** Where the official hub keeps large files, and everything below. Mirrors lead there too. */
const officialStorage = ['huggingface.co', 'hf.co'] as const;

const isBelow = (host: string, parent: string): boolean => host === parent || host.endsWith(`.${parent}`);

/** Where to go on, and whether the token may come along. */
export interface Redirect {
  readonly url: string;
  readonly keepsToken: boolean;
}

/**
 * Decides whether a hub may lead from `here` to `location`: to its own host and those below, and to the official hub's
 * storage; without encryption only where the writer named such a hub. The token stays behind with the origin it is for.
 * `endpoint` is the hub the writer chose. Errors: download/unexpected-host, download/failed for what is no address.
 */
export function planRedirect(endpoint: string, here: string, location: string): Redirect {
  const home = new URL(endpoint);
  const to = URL.parse(location, here);
  if (!to || !/^https?:$/.test(to.protocol)) throw new AppError('download/failed', 'Led to no web address');
  const plain = to.protocol === 'http:';
  const own = isBelow(to.hostname, home.hostname);
  const known = own || officialStorage.some((parent) => isBelow(to.hostname, parent));
  const allowed = plain ? own && home.protocol === 'http:' : known;
  if (!allowed || to.username !== '' || to.password !== '') {
    throw new AppError('download/unexpected-host', `Led to ${to.protocol}//${to.host}`, {
      details: { host: to.host, hub: home.host },
    });
  }
  return { url: to.href, keepsToken: to.origin === new URL(here).origin };
}
