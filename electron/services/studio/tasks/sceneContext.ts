import type {
  CharacterContext,
  RankCandidate,
  RankText,
  SceneSketch,
  WriteContext,
} from '#shared/models/task.ts';
import type { Character } from '#shared/story/character.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import type { LocalizedText, StoryImage } from '#shared/story/image.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { relevantCharacters } from '#shared/text/prompts/mentions.ts';

export interface WritingPlace {
  readonly scene: Scene;
  readonly text: string;
  /** UTF-16 offset after which to write; `null` for the end. */
  readonly at: number | null;
  readonly instruction: string;
}

/** Everything a writing model may be told about a place in the story. What of it fits is decided by the model's budget. */
export function writeContextOf(story: Story, { scene, text, at, instruction }: WritingPlace): WriteContext {
  const language = scene.lang;
  const textBefore = at === null ? text : text.slice(0, at);
  const listed = new Set(scene.characterIds);
  const everyone = charactersOf(story);
  return {
    language,
    storyTitle: story.title,
    storySummary: story.summary,
    sceneTitle: scene.title,
    sceneSummary: scene.summary,
    authorNote: scene.authorNote,
    instruction,
    textBefore,
    characters: relevantCharacters(everyone, ({ id }) => listed.has(id), [
      textBefore,
      instruction,
      scene.summary,
      scene.title,
    ]).map(characterContext),
    before: scenesBefore(story, scene.id),
    pictures: scene.pictures.flatMap(({ imageId }) => {
      const image = story.images[imageId];
      const description = image ? descriptionOf(image, language) : '';
      return description === '' ? [] : [description];
    }),
    templates: story.settings.templates,
  };
}

/** What is told of the scenes before one: those whose summary somebody wrote. */
export function scenesBefore(story: Story, id: SceneId): SceneSketch[] {
  const order = sceneOrder(story.outline);
  return order.slice(0, Math.max(0, order.indexOf(id))).flatMap((earlier) => {
    const { title = '', summary = '' } = story.scenes[earlier] ?? {};
    return summary.trim() === '' ? [] : [{ title, summary }];
  });
}

/** Characters in the writer's order, those in the trash left out. */
export function charactersOf(story: Story): Character[] {
  const trashed = new Set(story.trash.flatMap((entry) => (entry.kind === 'character' ? [entry.id] : [])));
  return story.characterOrder.flatMap((id) => {
    const character = story.characters[id];
    return character && !trashed.has(id) ? [character] : [];
  });
}

export const characterContext = ({
  name,
  aliases,
  description,
  visualDescription,
  fields,
}: Character): CharacterContext => ({
  name,
  aliases,
  description: [
    description,
    ...fields.filter(({ value }) => value !== '').map(({ name: field, value }) => `${field}: ${value}.`),
  ]
    .filter((part) => part.trim() !== '')
    .join(' '),
  visualDescription,
});

/** A text in the language asked for, else in the other one. */
export const inLanguage = (text: LocalizedText, language: Language): string =>
  text[language] || text[language === 'en' ? 'zh' : 'en'];

const descriptionOf = ({ caption, alt }: StoryImage, language: Language): string =>
  caption[language] || alt[language] || inLanguage(caption, language) || inLanguage(alt, language);

/** Pictures that may be ranked: the pool's, or every one of the story; those in the trash left out. */
export function rankCandidates(story: Story, pool: readonly ImageId[] | null): RankCandidate[] {
  const live = new Map(livePictures(story).map((image) => [image.id, image]));
  const images = pool === null ? [...live.values()] : pool.flatMap((id) => live.get(id) ?? []);
  const shown = namesByImage(story);
  return images.map((image) => ({ imageId: image.id, texts: textsOf(image, shown.get(image.id) ?? []) }));
}

/** Who is in which picture: a character's portrait and gallery show that character. */
function namesByImage(story: Story): Map<ImageId, string[]> {
  const names = new Map<ImageId, string[]>();
  for (const { name, aliases, portrait, pictures } of charactersOf(story)) {
    const own = new Set([
      ...(portrait === null ? [] : [portrait]),
      ...pictures.map(({ imageId }) => imageId),
    ]);
    for (const imageId of own) names.set(imageId, [...(names.get(imageId) ?? []), name, ...aliases]);
  }
  return names;
}

function textsOf(image: StoryImage, names: readonly string[]): RankText[] {
  const file = image.originalName.replace(/\.[^.]*$/, '').replace(/[_\-.\d]+/g, ' ');
  const texts: RankText[] = [
    { field: 'caption', text: image.caption.en },
    { field: 'caption', text: image.caption.zh },
    { field: 'alt', text: image.alt.en },
    { field: 'alt', text: image.alt.zh },
    ...image.tags.map((text) => ({ field: 'tag' as const, text })),
    ...names.map((text) => ({ field: 'name' as const, text })),
    { field: 'file', text: file },
  ];
  return texts.map(({ field, text }) => ({ field, text: text.trim() })).filter(({ text }) => text !== '');
}

/** What a scene is about, for finding pictures: its title, what happens, and the text. */
export const passageOf = (scene: Scene, text: string): string =>
  [scene.title, scene.summary, text].filter((part) => part.trim() !== '').join('\n\n');
