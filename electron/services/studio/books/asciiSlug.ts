/** Lower-case ASCII words of a title with dashes, at most 48 characters; empty where the title has none, as Chinese ones. */
export const asciiSlug = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '');
