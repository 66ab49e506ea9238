import type { BookOptions } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { type GroupNode, type OutlineNode, sceneOrder } from '#shared/story/outline.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { escapeMarkdown } from '#shared/text/markdown.ts';
import { asciiSlug } from './asciiSlug.ts';
import { type BookPicture, bookText, printFigure } from './bookText.ts';
import { bookWords } from './bookWords.ts';
import {
  configFile,
  indexFile,
  type Page,
  pageFolder,
  protectFromTemplates,
  summaryFile,
} from './profiles.ts';

/** A file of a book: written text, or a picture of the story without its metadata. Paths use `/`. */
export type BookFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly picture: StoryImage };

/** What the writer wrote in each scene. */
export type SceneTexts = ReadonlyMap<SceneId, string>;

const isBlank = (text: string): boolean => text.trim() === '';
const localized = (texts: Readonly<Record<Language, string>>, language: Language): string =>
  texts[language] || texts[language === 'en' ? 'zh' : 'en'];

/**
 * Everything that makes up the book, and nothing else decides its bytes: the same story and options give the same files
 * in the same order. Scenes in the trash are left out, and so are empty ones unless they are asked for by name.
 * `isAvailable` says which pictures can be had; others are left out. Errors: book/empty.
 */
export function planBook(
  story: Story,
  texts: SceneTexts,
  options: BookOptions,
  isAvailable: (image: StoryImage) => boolean = () => true,
): BookFile[] {
  const { language, format } = options;
  const words = bookWords[language];
  const images = livePictures(story).filter(isAvailable);
  const byId = new Map(images.map((image) => [image.id, image]));
  const byFile = new Map(images.map((image) => [image.file, image]));
  const used = new Set<StoryImage>();

  const shown = (image: StoryImage): BookPicture => {
    used.add(image);
    return {
      path: `images/${bookPictureName(image)}`,
      alt: localized(image.alt, language) || image.caption[language],
      caption: image.caption[language],
    };
  };
  const figure = (id: ImageId | null): string[] => {
    const image = id === null ? undefined : byId.get(id);
    return image ? [printFigure(shown(image))] : [];
  };
  const prose = (markdown: string, inProse = new Set<StoryImage>()): string =>
    bookText(markdown, (file) => {
      const image = byFile.get(file);
      if (image) inProse.add(image);
      return image ? shown(image) : null;
    }).trim();

  const chosen = chooseScenes(story, texts, options.sceneIds);
  if (chosen.length === 0) throw new AppError('book/empty', 'No scene has anything to print');
  const numbers = new Map(chosen.map((scene, at) => [scene.id, at + 1]));
  const numberWidth = Math.max(2, String(chosen.length).length);
  const numbered = (kind: string, number: number, title: string): string => {
    const slug = asciiSlug(title);
    return `${kind}-${String(number).padStart(numberWidth, '0')}${slug === '' ? '' : `-${slug}`}.md`;
  };

  const scenePage = (scene: Scene): Page => {
    const number = numbers.get(scene.id) ?? 0;
    const title = words.scene(number, scene.title.trim());
    const text = texts.get(scene.id) ?? '';
    const inProse = new Set<StoryImage>();
    const page = prose(text, inProse);
    const gallery = scene.pictures.flatMap(({ imageId, role }) => {
      const image = byId.get(imageId);
      return role === 'illustration' && image && !inProse.has(image) ? figure(imageId) : [];
    });
    return {
      kind: 'scene',
      title,
      file: numbered('scene', number, scene.title),
      body: [`# ${escapeMarkdown(title)}`, page, ...gallery],
      children: [],
    };
  };
  let chapters = 0;
  const pagesOf = (nodes: readonly OutlineNode[]): Page[] =>
    nodes.flatMap((node): Page[] => {
      if (node.kind === 'scene') {
        const scene = story.scenes[node.id];
        return scene && numbers.has(node.id) ? [scenePage(scene)] : [];
      }
      return groupPages(node);
    });
  const groupPages = (group: GroupNode): Page[] => {
    const isChapter = group.kind === 'chapter';
    if (isChapter) chapters += 1;
    const number = chapters;
    const children = pagesOf(group.children);
    if (children.length === 0) {
      if (isChapter) chapters -= 1;
      return [];
    }
    const title = group.title.trim();
    const file = isChapter ? numbered('chapter', number, title) : '';
    return [{ kind: group.kind, title, file, body: [`# ${escapeMarkdown(title)}`], children }];
  };

  const title: Page = {
    kind: 'title',
    title: story.title,
    file: indexFile(format),
    body: [
      `# ${escapeMarkdown(story.title)}`,
      ...(isBlank(story.author) ? [] : [`*${escapeMarkdown(story.author)}*`]),
      ...figure(story.cover),
      ...(isBlank(story.summary) ? [] : [prose(story.summary)]),
    ],
    children: [],
  };
  const people = options.includeCharacters
    ? story.characterOrder.flatMap((id) => story.characters[id] ?? [])
    : [];
  const front: Page[] =
    people.length === 0
      ? [title]
      : [
          title,
          {
            kind: 'front',
            title: words.characters,
            file: 'characters.md',
            body: [
              `# ${words.characters}`,
              ...people.flatMap((person) => [
                `## ${escapeMarkdown(person.name)}`,
                ...figure(person.portrait),
                ...[person.description, person.visualDescription]
                  .filter((text) => !isBlank(text))
                  .map((text) => prose(text)),
              ]),
            ],
            children: [],
          },
        ];
  const body = pagesOf(story.outline);
  const credits = creditLines(
    images.filter((image) => used.has(image)),
    language,
  );
  const back: Page[] =
    credits.length === 0
      ? []
      : [
          {
            kind: 'back',
            title: words.credits,
            file: 'credits.md',
            body: [`# ${words.credits}`, credits.join('\n')],
            children: [],
          },
        ];

  const pages = { front, body, back };
  const folder = pageFolder(format);
  const all = [...front, ...flatten(body), ...back].filter((page) => page.file !== '');
  return [
    configFile(story, language, format),
    { path: `${folder}SUMMARY.md`, text: summaryFile(pages, words, format) },
    ...all.map((page) => ({
      path: folder + page.file,
      text: protectFromTemplates(`${page.body.filter((part) => part !== '').join('\n\n')}\n`, format),
    })),
    ...Array.from(used, (picture) => ({ path: `${folder}images/${bookPictureName(picture)}`, picture })).sort(
      (a, b) => (a.path < b.path ? -1 : 1),
    ),
  ];
}

const flatten = (pages: readonly Page[]): Page[] =>
  pages.flatMap((page) => [page, ...flatten(page.children)]);

function chooseScenes(story: Story, texts: SceneTexts, asked: readonly SceneId[] | null): Scene[] {
  return sceneOrder(story.outline)
    .flatMap((id) => story.scenes[id] ?? [])
    .filter((scene) =>
      asked === null
        ? !isBlank(texts.get(scene.id) ?? '') || scene.pictures.some(({ role }) => role === 'illustration')
        : asked.includes(scene.id),
    );
}

/** A picture's file name in the book: readable where the story's name is ASCII, and always unique. */
function bookPictureName(image: StoryImage): string {
  const extension = image.format === 'jpeg' ? 'jpg' : image.format;
  const stem = asciiSlug(image.file.replace(/\.[^.]*$/, '').replace(/-[0-9a-f]{8,64}$/, '')) || 'picture';
  return `${stem}-${image.id.slice(0, 12)}.${extension}`;
}

function creditLines(images: readonly StoryImage[], language: Language): string[] {
  const words = bookWords[language];
  return images
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
    .flatMap((image) => {
      const facts = [
        image.credit && words.credit(image.credit),
        image.licence && words.licence(image.licence),
        image.source && words.source(image.source),
      ].filter((fact) => fact !== '');
      if (facts.length === 0) return [];
      const name =
        image.caption[language] || localized(image.alt, language) || image.originalName || image.file;
      return [
        `- **${escapeMarkdown(name)}** — ${escapeMarkdown(facts.join(language === 'zh' ? '；' : '; '))}`,
      ];
    });
}
