import { AppError } from '#shared/errors/AppError.ts';

/** Where model repositories live unless the writer names a mirror. */
export const officialEndpoint = 'https://huggingface.co';

/** The token belongs to the official host; a mirror is not told. */
export const tokenFor = (endpoint: string, token: string | null): string | null =>
  new URL(endpoint).origin === officialEndpoint ? token : null;

const repositoryName = /^[\w.-]+\/[\w.-]+$/;
const revisionName = /^[\w./-]+$/;

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function checked(repository: string, revision: string): void {
  if (!repositoryName.test(repository) || !revisionName.test(revision) || revision.includes('..')) {
    throw new AppError('input/invalid', 'Not a model repository', { details: { repository, revision } });
  }
}

/** A repository on a hub, at a revision. */
export interface HubPlace {
  /** Scheme and host, perhaps with a path in front of everything, as mirrors have it. */
  readonly endpoint: string;
  readonly repository: string;
  readonly revision: string;
}

const base = (endpoint: string): string => endpoint.replace(/\/+$/, '');

/** Errors of all three: input/invalid. */
export function fileUrl({ endpoint, repository, revision }: HubPlace, path: string): string {
  checked(repository, revision);
  return `${base(endpoint)}/${repository}/resolve/${encoded(revision)}/${encoded(path)}`;
}

export function treeUrl({ endpoint, repository, revision }: HubPlace): string {
  checked(repository, revision);
  return `${base(endpoint)}/api/models/${repository}/tree/${encoded(revision)}?recursive=true`;
}

export function revisionUrl({ endpoint, repository, revision }: HubPlace): string {
  checked(repository, revision);
  return `${base(endpoint)}/api/models/${repository}/revision/${encoded(revision)}`;
}
