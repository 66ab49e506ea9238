import type { ModelManifest } from '#shared/models/manifest.ts';

/** Where a published figure can be read; `null` where its source is only named. */
export function sourceUrl(source: string): string | null {
  const arxiv = /^arXiv:(\d{4}\.\d{4,5})/i.exec(source);
  if (arxiv) return `https://arxiv.org/abs/${arxiv[1] ?? ''}`;
  return /^https:\/\/\S+$/.test(source) ? source : null;
}

/** The page of a model's publisher; `null` for a folder of this computer. */
export function originUrl({ source }: Pick<ModelManifest, 'source'>): string | null {
  switch (source.kind) {
    case 'npm':
      return `https://www.npmjs.com/package/${source.package}`;
    case 'hub':
    case 'export':
      return `https://huggingface.co/${source.repository}`;
    case 'folder':
      return null;
  }
}
