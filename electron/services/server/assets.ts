import { readdirSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** A file of the built page. */
export interface Asset {
  readonly path: string;
  readonly mime: string;
  /** The name carries a hash of the content, so it may be kept for ever. */
  readonly hashed: boolean;
}

/** Every address that is a file of ours; nothing else is one. */
export type Assets = ReadonlyMap<string, Asset>;

const mimes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Lists the built page once. Files of unknown kinds are left out. `/` is `index.html`. */
export function listAssets(folder: string): Assets {
  const assets = new Map<string, Asset>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const mime = mimes[extname(entry.name).toLowerCase()];
    if (!entry.isFile() || !mime) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join('/')}`;
    assets.set(encodeURI(address), { path, mime, hashed: address.startsWith('/assets/') });
  }
  const index = assets.get('/index.html');
  if (index) assets.set('/', index);
  return assets;
}

/** The built page's files, listed again whenever the page was built anew; none before it was built. */
export function createAssetLister(folder: string): () => Assets {
  let assets: Assets = new Map();
  let builtAt = 0;
  return () => {
    const at = statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (at !== builtAt) {
      assets = at === 0 ? new Map() : listAssets(folder);
      builtAt = at;
    }
    return assets;
  };
}

/** The file at an address as the browser sent it, query removed; compared letter by letter, never decoded or joined. */
export const findAsset = (assets: Assets, path: string): Asset | null => assets.get(path) ?? null;
