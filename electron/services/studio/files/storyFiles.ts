import { basename } from 'node:path';
import { z } from 'zod';
import { type Character, CharacterField } from '#shared/story/character.ts';
import { CharacterId, ImageId, SceneId } from '#shared/story/ids.ts';
import { PictureUse } from '#shared/story/image.ts';
import { Alternative, Language, type Scene, SceneStatus } from '#shared/story/scene.ts';
import { countText } from '#shared/text/counts.ts';
import {
  bodyBytes,
  extraOf,
  type HeadField,
  joinFrontMatter,
  parseHead,
  renderHead,
  splitFrontMatter,
} from './frontMatter.ts';
import { decodeText, isRecord, parseJson, printJson } from './json.ts';

/** A field that falls back to a default where the file has nonsense, and is left out of the file where it is empty. */
function field<Value, Field>(
  key: string,
  get: (value: Value) => Field,
  schema: z.ZodType<Field>,
  fallback: Field,
  options: {
    always?: boolean;
    toFile?: (field: Field) => unknown;
    fromFile?: (raw: unknown) => unknown;
  } = {},
): HeadField<Value> & { read(head: Readonly<Record<string, unknown>>): Field } {
  const isEmpty = (value: Field) =>
    value === '' || value === null || (Array.isArray(value) && value.length === 0);
  const parse = (raw: unknown): Field => {
    const result = schema.safeParse(options.fromFile ? options.fromFile(raw) : raw);
    return result.success ? result.data : fallback;
  };
  return {
    key,
    get,
    parse,
    read: (head) => (Object.hasOwn(head, key) ? parse(head[key]) : fallback),
    print: (value) => {
      if (!options.always && isEmpty(value as Field)) return undefined;
      return options.toFile ? options.toFile(value as Field) : value;
    },
  };
}

/** Numbers and the like that somebody wrote without quotes are texts all the same. */
const asText = (raw: unknown): unknown =>
  typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw;
const goodOnes = <Item>(schema: z.ZodType<Item>, raw: unknown): Item[] =>
  Array.isArray(raw)
    ? raw.flatMap((item: unknown) => {
        const result = schema.safeParse(item);
        return result.success ? [result.data] : [];
      })
    : [];

const pictures = <Value extends { pictures: PictureUse[] }>() =>
  field<Value, PictureUse[]>('pictures', (value) => value.pictures, z.array(PictureUse), [], {
    toFile: (uses) => uses.map(({ imageId, role }) => ({ image: imageId, role })),
    fromFile: (raw) =>
      goodOnes(
        PictureUse,
        Array.isArray(raw)
          ? raw.map((use: unknown) =>
              isRecord(use) ? { imageId: use['image'], role: use['role'] ?? 'illustration' } : use,
            )
          : raw,
      ),
  });

const text = <Value>(key: string, get: (value: Value) => string, always = false) =>
  field<Value, string>(key, get, z.string(), '', { always, fromFile: asText });

const ownId = <Value, Id extends string>(
  get: (value: Value) => Id,
  schema: { safeParse(raw: unknown): { success: true; data: Id } | { success: false } },
) => ({
  ...field<Value, string | null>('id', get, z.string().nullable(), null, { always: true }),
  read: (head: Readonly<Record<string, unknown>>): Id | null => {
    const result = schema.safeParse(asText(head['id']));
    return result.success ? result.data : null;
  },
});

const sceneId = ownId<Scene, SceneId>(({ id }) => id, SceneId);
const scene = {
  title: text<Scene>('title', (value) => value.title, true),
  summary: text<Scene>('summary', (value) => value.summary),
  status: field<Scene, SceneStatus>('status', (value) => value.status, SceneStatus, 'draft', {
    always: true,
  }),
  lang: field<Scene, Language>('lang', (value) => value.lang, Language, 'en', { always: true }),
  characterIds: field<Scene, CharacterId[]>(
    'characters',
    (value) => value.characterIds,
    z.array(CharacterId),
    [],
    { fromFile: (raw) => goodOnes(CharacterId, raw) },
  ),
  pictures: pictures<Scene>(),
  authorNote: text<Scene>('note', (value) => value.authorNote),
};
const sceneFields: readonly HeadField<Scene>[] = [sceneId, ...Object.values(scene)];

const characterId = ownId<Character, CharacterId>(({ id }) => id, CharacterId);
const character = {
  name: text<Character>('name', (value) => value.name, true),
  aliases: field<Character, string[]>('aliases', (value) => value.aliases, z.array(z.string()), [], {
    fromFile: (raw) => goodOnes(z.string(), Array.isArray(raw) ? raw.map(asText) : raw),
  }),
  description: text<Character>('description', (value) => value.description),
  visualDescription: text<Character>('visual', (value) => value.visualDescription),
  fields: field<Character, CharacterField[]>('fields', (value) => value.fields, z.array(CharacterField), [], {
    fromFile: (raw) => goodOnes(CharacterField, raw),
  }),
  portrait: field<Character, ImageId | null>('portrait', (value) => value.portrait, ImageId.nullable(), null),
  pictures: pictures<Character>(),
};
const characterFields: readonly HeadField<Character>[] = [characterId, ...Object.values(character)];

const lf = (value: string): string => value.replaceAll('\r\n', '\n');
const pickAll = <Shape extends Record<string, { read(head: Readonly<Record<string, unknown>>): unknown }>>(
  shape: Shape,
  head: Readonly<Record<string, unknown>>,
) =>
  Object.fromEntries(Object.entries(shape).map(([name, { read }]) => [name, read(head)])) as {
    [Key in keyof Shape]: ReturnType<Shape[Key]['read']>;
  };

/** A scene file's bytes as a scene. The id is `null` where the file has none. Errors: project/damaged. */
export function parseScene(
  path: string,
  bytes: Uint8Array,
  language: Language,
): { id: SceneId | null; scene: Omit<Scene, 'id' | 'alternatives'> & { text: string } } {
  const { head, body } = splitFrontMatter(decodeText(bytes));
  const values = head === null ? { title: titleFrom(path), lang: language } : parseHead(head);
  const prose = lf(body);
  return {
    id: sceneId.read(values),
    scene: {
      ...pickAll(scene, 'lang' in values ? values : { ...values, lang: language }),
      counts: countText(prose),
      text: prose,
      extra: head === null ? {} : extraOf(values, sceneFields),
    },
  };
}

/** A character file's bytes as a character. Errors: project/damaged. */
export function parseCharacter(
  path: string,
  bytes: Uint8Array,
): { id: CharacterId | null; character: Omit<Character, 'id'> } {
  const { head, body } = splitFrontMatter(decodeText(bytes));
  const values = head === null ? { name: titleFrom(path) } : parseHead(head);
  return {
    id: characterId.read(values),
    character: {
      ...pickAll(character, values),
      notes: lf(body),
      extra: head === null ? {} : extraOf(values, characterFields),
    },
  };
}

/** A name for a file that carries none: `scenes/010-the-arrival.md` → "the arrival". */
const titleFrom = (path: string): string =>
  basename(path, '.md')
    .replace(/^\d+[-_ ]+/, '')
    .replaceAll(/[-_]+/g, ' ')
    .trim();

function render<Value>(
  old: Buffer | null,
  fields: readonly HeadField<Value>[],
  value: Value & { extra: Record<string, unknown> },
  body: string | null,
): Buffer {
  const before = old === null ? null : splitOrNull(old);
  const head = renderHead(before?.head ?? null, fields, value, value.extra);
  const keepsBody = before !== null && (body === null || lf(before.body) === body);
  if (!keepsBody) return Buffer.from(joinFrontMatter(head, body ?? ''));
  if (before.head === head) return before.bytes;
  return Buffer.concat([Buffer.from(joinFrontMatter(head, '')), bodyBytes(before.bytes, before.text)]);
}

function splitOrNull(
  bytes: Buffer,
): { bytes: Buffer; text: string; head: string | null; body: string } | null {
  try {
    const decoded = decodeText(bytes);
    return { bytes, text: decoded, ...splitFrontMatter(decoded) };
  } catch {
    return null;
  }
}

/** A scene as file bytes. Where `old` says the same already, it is returned as it is; its body bytes are kept when the text is the same. */
export const renderScene = (value: Scene, old: Buffer | null): Buffer =>
  render(old, sceneFields, value, value.text);

/** A character as file bytes; see {@link renderScene}. */
export const renderCharacter = (value: Character, old: Buffer | null): Buffer =>
  render(old, characterFields, value, value.notes);

const AlternativesFile = z.looseObject({ alternatives: z.array(z.unknown()) });

/** The sidecar beside a scene file. Errors: project/damaged. */
export const parseAlternatives = (bytes: Uint8Array): Alternative[] => {
  const file = AlternativesFile.safeParse(parseJson(bytes));
  return file.success ? goodOnes(Alternative, file.data.alternatives) : [];
};
export const renderAlternatives = (alternatives: readonly Alternative[]): Buffer =>
  Buffer.from(printJson({ alternatives }));
