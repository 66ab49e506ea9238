import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { characterFileName, sceneFileName } from '../services/studio/files/fileNames.ts';
import { emptyImageIndex, imageIndexPath, renderImageIndex } from '../services/studio/files/imageIndex.ts';
import { manifestPath, type ManifestEntry, renderManifest, shellOf } from '../services/studio/files/manifestFile.ts';
import { renderCharacter, renderScene } from '../services/studio/files/storyFiles.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import { CharacterId, ImageId, NodeId, SceneId, StoryId } from '#shared/story/ids.ts';
import type { PictureUse, StoryImage } from '#shared/story/image.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { countText } from '#shared/text/counts.ts';
import { english } from './source/en.ts';
import { type PictureName, pictures, type SamplePicture } from './source/pictures.ts';
import type { CharacterName, SampleStory } from './source/sampleStory.ts';
import { chinese } from './source/zh.ts';

/**
 * `npm run build:samples [-- <folder>]`: writes the two sample projects from their sources, the same bytes every time.
 * The pictures themselves lie in the English project's `images/` folder and are copied from there.
 */
const here = import.meta.dirname;
const target = process.argv[2] ?? here;
const folderOf = (language: Language) => join(target, `crystal-guardian-${language}`);
const pictureFolder = join(here, 'crystal-guardian-en', 'images');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Upright pixels of a baseline or progressive JPEG without orientation. */
function jpegSize(bytes: Buffer): { width: number; height: number } {
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  throw new Error('Not a JPEG');
}

function readPicture(picture: SamplePicture, language: Language): { image: StoryImage; bytes: Buffer } {
  const name = readdirSync(pictureFolder).find((file) => new RegExp(`^${picture.stem}(?:-[0-9a-f]{8})?\\.jpg$`).test(file));
  if (!name) throw new Error(`No picture ${picture.stem}`);
  const bytes = readFileSync(join(pictureFolder, name));
  const id = sha256(bytes);
  return {
    bytes,
    image: {
      id: ImageId.parse(id),
      file: `${picture.stem}-${id.slice(0, 8)}.jpg`,
      originalName: `${picture.stem}.jpg`,
      format: 'jpeg',
      ...jpegSize(bytes),
      bytes: bytes.length,
      animated: false,
      alt: { ...picture.alt },
      caption: { ...picture.caption },
      tags: [...picture.tags[language]],
      credit: picture.credit,
      licence: picture.licence,
      source: picture.source,
    },
  };
}

const idFor = (...parts: readonly string[]): string =>
  BigInt(`0x${sha256(Buffer.from(parts.join('\n'))).slice(0, 16)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(0, 10);

function build(source: SampleStory, language: Language): void {
  const taken = Object.entries(pictures).map(([name, picture]) => [name, readPicture(picture, language)] as const);
  const imageOf = (name: PictureName): StoryImage => {
    const found = taken.find(([key]) => key === name);
    if (!found) throw new Error(`No picture ${name}`);
    return found[1].image;
  };
  const characterId = (name: CharacterName) => CharacterId.parse(idFor(language, 'character', name));
  const markdownOf = (name: string): string => {
    const image = imageOf(name as PictureName);
    return `![${image.alt[language]}](../images/${image.file} "${image.caption[language]}")`;
  };

  const characters = source.characters.map((character) => {
    const portrait: PictureUse = { imageId: imageOf(character.portrait).id, role: 'portrait' };
    return createCharacter({
      id: characterId(character.name),
      name: character.shownAs,
      aliases: [...character.aliases],
      description: character.description,
      visualDescription: character.visualDescription,
      fields: character.fields.map(([name, value]) => ({ name, value })),
      notes: character.notes,
      portrait: portrait.imageId,
      pictures: [portrait],
    });
  });
  const chapters = source.chapters.map((chapter, chapterAt) => ({
    id: NodeId.parse(idFor(language, 'chapter', String(chapterAt))),
    title: chapter.title,
    scenes: chapter.scenes.map((scene, sceneAt) => {
      const text = scene.text.replace(/^\{\{(\w+)\}\}$/gm, (_line, name: string) => markdownOf(name));
      return createScene({
        id: SceneId.parse(idFor(language, 'scene', String(chapterAt), String(sceneAt))),
        lang: language,
        title: scene.title,
        summary: scene.summary,
        status: scene.status,
        characterIds: scene.characters.map(characterId),
        pictures: scene.pictures.map(([name, role]) => ({ imageId: imageOf(name).id, role })),
        authorNote: scene.note,
        text,
        counts: countText(text),
      });
    }),
  }));
  const story: Story = {
    ...createStory(source.title, language),
    id: StoryId.parse(idFor(language, 'story')),
    author: source.author,
    summary: source.summary,
    cover: imageOf('guardian').id,
    outline: chapters.map(({ id, title, scenes }) => ({
      kind: 'chapter',
      id,
      title,
      children: scenes.map((scene) => ({ kind: 'scene', id: scene.id })),
    })),
    scenes: Object.fromEntries(chapters.flatMap(({ scenes }) => scenes.map((scene) => [scene.id, scene]))),
    characters: Object.fromEntries(characters.map((character) => [character.id, character])),
    characterOrder: characters.map(({ id }) => id),
    images: Object.fromEntries(taken.map(([, { image }]) => [image.id, image])),
  };

  const contents = new Map<string, { id: string; bytes: Buffer }>();
  const isTaken = (path: string) => contents.has(path);
  for (const [place, id] of sceneOrder(story.outline).entries()) {
    const scene = story.scenes[id];
    if (scene) contents.set(sceneFileName(place, scene.title, id, isTaken), { id, bytes: renderScene(scene, null) });
  }
  for (const character of characters) {
    contents.set(characterFileName(character.name, character.id, isTaken), {
      id: character.id,
      bytes: renderCharacter(character, null),
    });
  }

  const folder = folderOf(language);
  rmSync(folder, { recursive: true, force: true });
  for (const sub of ['scenes', 'characters', 'images']) mkdirSync(join(folder, sub), { recursive: true });
  for (const [path, { bytes }] of contents) writeFileSync(join(folder, path), bytes);
  for (const [, { image, bytes }] of taken) writeFileSync(join(folder, 'images', image.file), bytes);
  writeFileSync(join(folder, imageIndexPath), renderImageIndex({ ...emptyImageIndex, images: story.images }));
  const files = new Map(
    Array.from(contents, ([path, { id, bytes }]): [string, ManifestEntry] => [path, { id, sha256: sha256(bytes) }]),
  );
  writeFileSync(join(folder, manifestPath), renderManifest(shellOf(story), files));
}

function renderLicences(): string {
  const rows = Object.values<SamplePicture>(pictures).map(
    ({ stem, alt, credit, licence, source }) => `| \`${stem}\` | ${alt.en} | ${credit} | ${licence} | ${source} |`,
  );
  return `# Licences of the sample story

The prose of "The Crystal Guardian" / 《水晶守护者》 was written for Storyloom and is under the project's own licence (MIT).
The pictures were made by others. Each is under the licence named below and is offered under that licence, not under MIT:
scaled down, saved as JPEG, portraits set on a plain background. Whoever publishes a book with them must keep the
credit and follow that licence.

| Picture | What it shows | Artist | Licence | Taken from |
|---|---|---|---|---|
${rows.join('\n')}

- GPL-2.0-or-later: <https://www.gnu.org/licenses/old-licenses/gpl-2.0.html>. The Battle for Wesnoth's art is under the
  game's licence; its artists are credited in the game and in \`data/core/images/portraits/ARTISTS\`.
- CC-BY-SA-3.0 (or later): <https://creativecommons.org/licenses/by-sa/3.0/>. "All of Flare's art and data files are
  released under CC-BY-SA 3.0. Later versions are permitted."
`;
}

build(chinese, 'zh');
build(english, 'en');
writeFileSync(join(target, 'LICENCES.md'), renderLicences());
