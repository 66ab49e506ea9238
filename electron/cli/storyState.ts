import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import type { Command } from '#shared/story/commands.ts';
import { createCharacter, createScene } from '#shared/story/create.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { countText } from '#shared/text/counts.ts';
import { languageName, languageNamed } from './languageNames.ts';

const Entry = z.looseObject({
  description: z.string().default(''),
  image: z.string().nullish(),
  visual_description: z.string().optional(),
});

/** The specification's saved story. Pictures are paths; placeholders and missing ones are `null`. */
export const StoryState = z.looseObject({
  title: z.string().min(1),
  characters: z.record(z.string().min(1), Entry.extend({ name: z.string().optional() })).default({}),
  scenes: z
    .array(Entry.extend({ title: z.string().optional(), content: z.string().default('') }))
    .max(5_000)
    .default([]),
  current_scene_index: z.number().int().nonnegative().default(0),
  language: z.string().default('english'),
});
export type StoryState = z.infer<typeof StoryState>;

/** Checks a saved story from outside. Errors: input/invalid naming the keys. */
export function checkStoryState(raw: unknown): StoryState {
  const result = StoryState.safeParse(raw);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`);
  throw new AppError('input/invalid', problems.join('\n  '));
}

/** The story in the specification's form, keys in its order. `addressOf` says where a picture's file is. */
export function toStoryState(
  story: Story,
  texts: ReadonlyMap<SceneId, string>,
  currentSceneIndex: number,
  addressOf: (file: string) => string,
): StoryState {
  const pathOf = (id: ImageId | null | undefined): string | null => {
    const image = id ? story.images[id] : undefined;
    return image ? addressOf(image.file) : null;
  };
  const visual = (text: string) => (text === '' ? {} : { visual_description: text });
  return {
    title: story.title,
    characters: Object.fromEntries(
      story.characterOrder.flatMap((id) => {
        const character = story.characters[id];
        if (!character) return [];
        const { name, description, portrait, visualDescription } = character;
        return [[name, { name, description, image: pathOf(portrait), ...visual(visualDescription) }]];
      }),
    ),
    scenes: sceneOrder(story.outline).flatMap((id) => {
      const scene = story.scenes[id];
      if (!scene) return [];
      return [
        {
          title: scene.title,
          description: scene.summary || scene.title,
          image: pathOf(scene.pictures[0]?.imageId),
          content: texts.get(id) ?? '',
        },
      ];
    }),
    current_scene_index: currentSceneIndex,
    language: languageName(story.language),
  };
}

const lf = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').toWellFormed();

/** Language of a saved story. Errors: input/invalid. */
export const languageOfState = (state: StoryState): Language => languageNamed(state.language);

/** Commands that fill a new, empty story with a saved one. Pictures are hung by whoever can read them. */
export function commandsFrom(state: StoryState): {
  commands: Command[];
  images: { owner: Owner; path: string }[];
} {
  const lang = languageOfState(state);
  const images: { owner: Owner; path: string }[] = [];
  const note = (owner: Owner, path: string | null | undefined) => {
    if (path && path !== 'image_data_placeholder') images.push({ owner, path });
  };
  const characters = Object.entries(state.characters).map(([key, entry], index): Command => {
    const character = createCharacter({
      name: lf(entry.name ?? key),
      description: lf(entry.description),
      visualDescription: lf(entry.visual_description ?? ''),
    });
    note({ kind: 'character', id: character.id }, entry.image);
    return { kind: 'character.add', character, index };
  });
  const scenes = state.scenes.map((entry, index): Command => {
    const text = lf(entry.content);
    const scene = createScene({
      lang,
      title: lf(entry.title ?? titleFrom(entry.description)),
      summary: lf(entry.description),
      status: text.trim() === '' ? 'idea' : 'draft',
      characterIds: [],
      text,
      counts: countText(text),
    });
    note({ kind: 'scene', id: scene.id }, entry.image);
    return { kind: 'scene.add', scene, parentId: null, index };
  });
  return { commands: [...characters, ...scenes], images };
}

type Owner = Extract<Command, { kind: 'picture.attach' }>['owner'];

/** A title for a scene that has only a description: its first sentence, at most 60 characters. */
export function titleFrom(description: string): string {
  const [first = ''] = description.trim().split(/(?<=[.!?])\s|[。！？；\n]/u);
  const characters = Array.from(first.replace(/[.。]$/, ''));
  return characters.length <= 60 ? characters.join('') : `${characters.slice(0, 59).join('').trimEnd()}…`;
}
