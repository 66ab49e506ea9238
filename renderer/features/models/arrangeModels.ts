import type { ModelManifest, RecommendedUse } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';

/** Where an entry stands on the page, from top to bottom. */
export const modelGroups = ['installed', 'picks', 'ready', 'elsewhere'] as const;
export type ModelGroup = (typeof modelGroups)[number];

export const useFilters = [
  'matching',
  'captions',
  'questions',
  'story',
  'chinese',
  'small',
] as const satisfies readonly RecommendedUse[];
export type UseFilter = (typeof useFilters)[number] | 'all';

/** A good first model for each kind of help, in the order in which a writer meets them. */
const picks = [
  'stories15m',
  'minimind2-small',
  'minilm-l6',
  'clip-vit-base-patch32',
  'chinese-clip-vit-base-patch16',
  'smolvlm-256m',
  'llava-onevision-0.5b',
  'qwen2-vl-2b',
];
export const isPick = ({ id }: Pick<ModelManifest, 'id'>): boolean => picks.includes(id);

export const isInstalled = ({ status, variants }: ModelEntry): boolean =>
  status.state === 'installed' ||
  status.state === 'loaded' ||
  status.state === 'loading' ||
  (status.state === 'failed' ? status.installed : variants.some(({ installed }) => installed));

export function groupOf(entry: ModelEntry): ModelGroup {
  if (isInstalled(entry)) return 'installed';
  if (entry.status.state === 'absent' && entry.status.obstacle !== null) return 'elsewhere';
  const fits = entry.variants.some(({ fit }) => fit.verdict !== 'too-big');
  return isPick(entry.manifest) && fits ? 'picks' : 'ready';
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether every word of a search is in one of the names a model goes by. */
function isCalled({ id, name, origin, aliases, source }: ModelManifest, words: readonly string[]): boolean {
  const place = 'repository' in source ? source.repository : 'package' in source ? source.package : '';
  const names = plain([id, name.en, name.zh, origin, place, ...aliases].join('\n'));
  return words.every((word) => names.includes(word));
}

export const isFor = ({ recommendedUse }: ModelManifest, filter: UseFilter): boolean =>
  filter === 'all' || recommendedUse.includes(filter);

/** The entries that a search and a filter leave, by group; the catalogue's order inside a group, picks in theirs. */
export function arrangeModels(
  entries: readonly ModelEntry[],
  { search, filter }: { readonly search: string; readonly filter: UseFilter },
): ReadonlyMap<ModelGroup, readonly ModelEntry[]> {
  const words = plain(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  const left = entries.filter(({ manifest }) => isFor(manifest, filter) && isCalled(manifest, words));
  const groups = Map.groupBy(left, groupOf);
  const ordered = groups
    .get('picks')
    ?.toSorted((a, b) => picks.indexOf(a.manifest.id) - picks.indexOf(b.manifest.id));
  if (ordered) groups.set('picks', ordered);
  return groups;
}

/** What else on this page helps with the first thing it is for, installed or to be installed from here: at most two. */
export function insteadOf(
  { manifest }: ModelEntry,
  entries: readonly ModelEntry[],
): readonly ModelManifest[] {
  const { successor, recommendedUse, languages } = manifest;
  const named = entries.find((entry) => entry.manifest.id === successor);
  if (named) return [named.manifest];
  const [purpose] = useFilters.filter((use) => recommendedUse.includes(use));
  if (purpose === undefined) return [];
  return entries
    .filter((entry) => entry.manifest.id !== manifest.id && groupOf(entry) !== 'elsewhere')
    .filter((entry) => entry.manifest.recommendedUse.includes(purpose))
    .filter((entry) => entry.manifest.languages.some((language) => languages.includes(language)))
    .slice(0, 2)
    .map((entry) => entry.manifest);
}
