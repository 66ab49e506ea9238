import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import { CharacterId, ImageId, NodeId, SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import type { OutlineNode } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { countText } from '#shared/text/counts.ts';

/** How large a made-up story is. */
export interface StorySize {
  readonly words: number;
  readonly scenes: number;
  readonly pictures: number;
  readonly characters: number;
}

/** The size that the performance goals speak of. */
export const bigStorySize: StorySize = { words: 300_000, scenes: 500, pictures: 2_000, characters: 40 };

const vocabulary =
  'the rain kept on over harbour while she counted ledger again and lamps along quay went out one by one nobody came'.split(
    ' ',
  );

/** `count` words in sentences and paragraphs; the same for the same numbers. */
export function prose(count: number, seed: number): string {
  let state = seed + 1;
  const next = (below: number) => {
    state = (state * 1_103_515 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
  const paragraphs: string[] = [];
  let left = count;
  while (left > 0) {
    const sentences: string[] = [];
    for (let sentence = 0; sentence < 6 && left > 0; sentence++) {
      const length = Math.min(left, 8 + next(12));
      const words = Array.from({ length }, () => vocabulary[next(vocabulary.length)] ?? 'rain');
      sentences.push(`${words.join(' ')}.`);
      left -= length;
    }
    paragraphs.push(sentences.join(' '));
  }
  return paragraphs.join('\n\n');
}

const id = (prefix: string, number: number): string => `${prefix}${String(number).padStart(6, '0')}`;

function picture(number: number): StoryImage {
  const hash = number.toString(16).padStart(64, '0');
  return {
    id: ImageId.parse(hash),
    file: `picture-${String(number)}-${hash.slice(-8)}.jpg`,
    originalName: `IMG_${String(number)}.jpg`,
    format: 'jpeg',
    width: 4000,
    height: 3000,
    bytes: 3_000_000 + number,
    animated: false,
    alt: { en: prose(12, number), zh: '' },
    caption: { en: prose(6, number), zh: '雨中的港口' },
    tags: ['harbour', 'rain'],
    credit: 'Somebody',
    licence: 'CC BY 4.0',
    source: '',
  };
}

/** A story of the given size in memory, in chapters of ten scenes; the same every time. */
export function bigStory(size: StorySize = bigStorySize): Story {
  const images = Object.fromEntries(
    Array.from({ length: size.pictures }, (_, number) => picture(number)).map((image) => [image.id, image]),
  ) as Story['images'];
  const imageIds = Object.values(images).map((image) => image.id);
  const perScene = Math.ceil(size.pictures / size.scenes);
  const characters = Array.from({ length: size.characters }, (_, number) =>
    createCharacter({
      id: CharacterId.parse(id('ch', number)),
      name: `Person ${String(number)}`,
      description: prose(40, number),
      notes: prose(80, number),
    }),
  );
  const scenes = Array.from({ length: size.scenes }, (_, number): Scene => {
    const text = prose(Math.round(size.words / size.scenes), number);
    return createScene({
      id: SceneId.parse(id('sc', number)),
      lang: 'en',
      title: `Scene ${String(number)} ${prose(3, number)}`,
      summary: prose(20, number),
      status: 'draft',
      characterIds: characters.slice(number % 30, (number % 30) + 3).map((character) => character.id),
      pictures: imageIds
        .slice(number * perScene, (number + 1) * perScene)
        .map((imageId) => ({ imageId, role: 'illustration' })),
      text,
      counts: countText(text),
    });
  });
  const outline: OutlineNode[] = Array.from({ length: Math.ceil(size.scenes / 10) }, (_, number) => ({
    kind: 'chapter',
    id: NodeId.parse(id('gr', number)),
    title: `Chapter ${String(number + 1)}`,
    children: scenes.slice(number * 10, number * 10 + 10).map((scene) => ({ kind: 'scene', id: scene.id })),
  }));
  return {
    ...createStory('A Big Story', 'en'),
    outline,
    scenes: Object.fromEntries(scenes.map((scene) => [scene.id, scene])),
    characters: Object.fromEntries(characters.map((one) => [one.id, one])),
    characterOrder: characters.map((one) => one.id),
    images,
  };
}
