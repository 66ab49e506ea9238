import type { Language } from '#shared/story/scene.ts';

/** The words that a book adds to the writer's own, in its language. */
export interface BookWords {
  readonly characters: string;
  readonly contents: string;
  readonly credits: string;
  scene(number: number, title: string): string;
  credit(artist: string): string;
  licence(name: string): string;
  source(place: string): string;
}

export const bookWords: Readonly<Record<Language, BookWords>> = {
  en: {
    characters: 'Characters',
    contents: 'Contents',
    credits: 'Picture credits',
    scene: (number, title) => `Scene ${String(number)}${title === '' ? '' : `: ${title}`}`,
    credit: (artist) => `by ${artist}`,
    licence: (name) => `licence: ${name}`,
    source: (place) => `from ${place}`,
  },
  zh: {
    characters: '角色',
    contents: '目录',
    credits: '图片来源',
    scene: (number, title) => `场景 ${String(number)}${title === '' ? '' : `：${title}`}`,
    credit: (artist) => `作者：${artist}`,
    licence: (name) => `许可：${name}`,
    source: (place) => `出处：${place}`,
  },
};
