import { z } from 'zod';
import { Decision } from '#shared/story/decision.ts';
import { CharacterId, ImageId, type NodeId, StoryId } from '#shared/story/ids.ts';
import { mayContain, OutlineNode } from '#shared/story/outline.ts';
import { Language } from '#shared/story/scene.ts';
import { currentFormatVersion, type Story, StorySettings, TrashEntry } from '#shared/story/story.ts';
import { isRecord, parseJson, printJson } from './json.ts';

export const manifestPath = 'story.json';

/** What the manifest knows about a scene or character file. */
export const ManifestEntry = z.object({ id: z.string(), sha256: z.string() });
export type ManifestEntry = z.infer<typeof ManifestEntry>;

/** The parts of a story that stand in the manifest: everything but scenes, characters and pictures. */
export type StoryShell = Omit<Story, 'scenes' | 'characters' | 'images'>;

/** A manifest as read: what could be understood, defaults for the rest. */
export interface Manifest {
  readonly format: number;
  /** `id` is `null` where the file has none. */
  readonly shell: Omit<StoryShell, 'id'> & { readonly id: StoryId | null };
  readonly files: ReadonlyMap<string, ManifestEntry>;
  /** Something that cannot be done without was missing or nonsense: the rest is rebuilt from the files. */
  readonly broken: boolean;
}

const defaultSettings: StorySettings = { aiEnabled: true, templates: {} };
const knownKeys = new Set([
  'author',
  'characterOrder',
  'cover',
  'decisions',
  'files',
  'format',
  'id',
  'language',
  'outline',
  'secondLanguage',
  'settings',
  'summary',
  'title',
  'trash',
]);

/** A manifest that says nothing. */
export const emptyManifest: Manifest = {
  format: currentFormatVersion,
  shell: {
    id: null,
    title: '',
    author: '',
    language: 'en',
    secondLanguage: null,
    summary: '',
    cover: null,
    settings: defaultSettings,
    outline: [],
    characterOrder: [],
    trash: [],
    decisions: [],
    extra: {},
  },
  files: new Map(),
  broken: true,
};

/** Reads as much of a manifest as makes sense. Errors: project/damaged where it is not a JSON object at all. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const raw = parseJson(bytes);
  if (!isRecord(raw)) return emptyManifest;
  const read = <Field>(key: string, schema: z.ZodType<Field>, fallback: Field): Field => {
    const result = schema.safeParse(raw[key]);
    return result.success ? result.data : fallback;
  };
  const each = <Schema extends z.ZodType>(key: string, schema: Schema): z.output<Schema>[] =>
    read(key, z.array(z.unknown()), []).flatMap((item) => {
      const result = schema.safeParse(item);
      return result.success ? [result.data] : [];
    });
  const id = read('id', StoryId.nullable(), null);
  const format = read('format', z.number().int().nonnegative(), -1);
  return {
    format: format < 0 ? currentFormatVersion : format,
    shell: {
      id,
      title: read('title', z.string(), ''),
      author: read('author', z.string(), ''),
      language: read('language', Language, 'en'),
      secondLanguage: read('secondLanguage', Language.nullable(), null),
      summary: read('summary', z.string(), ''),
      cover: read('cover', ImageId.nullable(), null),
      settings: read('settings', StorySettings, defaultSettings),
      outline: each('outline', OutlineNode),
      characterOrder: each('characterOrder', CharacterId),
      trash: each('trash', TrashEntry),
      decisions: each('decisions', Decision),
      extra: Object.fromEntries(Object.entries(raw).filter(([key]) => !knownKeys.has(key))),
    },
    files: new Map(
      Object.entries(read('files', z.record(z.string(), z.unknown()), {})).flatMap(([path, entry]) => {
        const result = ManifestEntry.safeParse(entry);
        return result.success ? [[path, result.data] as const] : [];
      }),
    ),
    broken: id === null || format < 0 || !Array.isArray(raw['outline']),
  };
}

/** The manifest's bytes: sorted keys, LF. */
export function renderManifest(shell: StoryShell, files: ReadonlyMap<string, ManifestEntry>): Buffer {
  const { extra, decisions, ...fields } = shell;
  const decided = decisions.length === 0 ? {} : { decisions };
  return Buffer.from(
    printJson({
      ...extra,
      ...fields,
      ...decided,
      format: currentFormatVersion,
      files: Object.fromEntries(files),
    }),
  );
}

/** Everything of a story that stands in the manifest. */
export function shellOf(story: Story): StoryShell {
  const { scenes: _scenes, characters: _characters, images: _images, ...shell } = story;
  return shell;
}

/** An outline in which every id stands once, only known scenes stand, and everything stands where it may. */
export function repairedOutline(
  outline: readonly OutlineNode[],
  isKnown: (sceneId: NodeId) => boolean,
  taken: Set<NodeId>,
  parent: OutlineNode | null = null,
): OutlineNode[] {
  return outline.flatMap((node): OutlineNode[] => {
    if (taken.has(node.id)) return [];
    if (node.kind === 'scene') {
      if (!isKnown(node.id)) return [];
      taken.add(node.id);
      return [node];
    }
    const here = mayContain(parent, node);
    taken.add(node.id);
    const children = repairedOutline(node.children, isKnown, taken, here ? node : parent);
    return here ? [{ ...node, children }] : children;
  });
}
