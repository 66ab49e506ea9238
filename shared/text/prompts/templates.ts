import { ComposePurpose } from '../../models/compose.ts';
import type { Language } from '../../story/scene.ts';

/** Two ways to have a scene written: `chat` gives an instruction, `continue` begins a story that a base model goes on with. */
export type TemplateForm = 'chat' | 'continue';

/** What a model is told before its answer: the two for scenes, and one for each other purpose. */
export const templateNames = ['chat', 'continue', ...ComposePurpose.options] as const;
export type TemplateName = (typeof templateNames)[number];
export type TemplateId = `${TemplateName}.${Language}`;

export const templateId = (name: TemplateName, language: Language): TemplateId => `${name}.${language}`;

/** What a template may name. A paragraph whose names are all empty is left out of the prompt. */
export const placeholders = [
  'title',
  'story',
  'before',
  'sceneTitle',
  'scene',
  'scenes',
  'characters',
  'pictures',
  'note',
  'source',
  'instruction',
] as const;
export type Placeholder = (typeof placeholders)[number];

export const builtInTemplates: Readonly<Record<TemplateId, string>> = {
  'chat.en': `Write the content for the following scene in the story '{title}'.

{story}

What happened before:
{before}

Scene: {sceneTitle}

Characters in the story:
{characters}

Reference image descriptions:
{pictures}

Author's note: {note}

What happens: {scene}

{instruction}`,
  'chat.zh': `请根据下面的内容，为故事《{title}》写一个生动的片段。

{story}

前情：
{before}

场景：{sceneTitle}

人物：
{characters}

参考图片描述：
{pictures}

作者的话：{note}

情节：{scene}

{instruction}`,
  'continue.en': `{title}

{characters} {story}

{before}

{pictures}

{scene} {instruction}`,
  'continue.zh': `《{title}》

{characters}{story}

{before}

{pictures}

{scene}{instruction}`,

  'title.en': `Suggest five titles for a story. One title on each line, nothing else.

{story}

{instruction}

Characters in the story:
{characters}

What happens:
{scenes}

Reference image descriptions:
{pictures}`,
  'title.zh': `请为下面的故事拟五个标题。每行一个标题，不要写别的内容。

{story}

{instruction}

人物：
{characters}

情节：
{scenes}

参考图片描述：
{pictures}`,

  'characters.en': `Invent characters for the story '{title}'. One character on each line, as "Name: who it is and how it looks".

{story}

{instruction}

These characters are there already:
{characters}

What happens:
{scenes}

Reference image descriptions:
{pictures}`,
  'characters.zh': `请为故事《{title}》设计人物。每行一个人物，写成“姓名：身份与外貌”。

{story}

{instruction}

已有的人物：
{characters}

情节：
{scenes}

参考图片描述：
{pictures}`,

  'outline.en': `Plan the scenes of the story '{title}'. One scene on each line, as "Title: what happens in it".

{story}

{instruction}

Characters in the story:
{characters}

These scenes are there already:
{scenes}

Reference image descriptions:
{pictures}`,
  'outline.zh': `请为故事《{title}》规划场景。每行一个场景，写成“标题：发生的事”。

{story}

{instruction}

人物：
{characters}

已有的场景：
{scenes}

参考图片描述：
{pictures}`,

  'summary.en': `Summarise the following text in two or three sentences. Keep names, places and what changes.

{instruction}

{source}`,
  'summary.zh': `请用两三句话概括下面的文字，保留人名、地点和发生的变化。

{instruction}

{source}`,

  'translation.en': `Translate the following text into English. Keep paragraphs, names and markdown. Write only the translation.

Names in both languages:
{characters}

{instruction}

{source}`,
  'translation.zh': `请把下面的文字翻译成中文，保留分段、人名和 Markdown 格式，只写译文。

人名对照：
{characters}

{instruction}

{source}`,

  'rewrite.en': `Rewrite the following passage of the story '{title}'. Write only the new passage.

{instruction}

Characters in the story:
{characters}

Author's note: {note}

{source}`,
  'rewrite.zh': `请改写故事《{title}》中的下面这段文字，只写改写后的文字。

{instruction}

人物：
{characters}

作者的话：{note}

{source}`,
};

const placeholderPattern = /\{([a-zA-Z]+)\}/g;

/** Fills a template. Unknown names stay as they are; paragraphs that only name empty values are left out. */
export function fillTemplate(
  template: string,
  values: Readonly<Partial<Record<Placeholder, string>>>,
): string {
  const known = (name: string): name is Placeholder => placeholders.some((one) => one === name);
  const textFor = (name: Placeholder): string => values[name] ?? '';
  return template
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => {
      const named = Array.from(paragraph.matchAll(placeholderPattern), ([, name = '']) => name).filter(known);
      return named.length === 0 || named.some((name) => textFor(name) !== '');
    })
    .map((paragraph) =>
      paragraph
        .replace(placeholderPattern, (whole, name: string) => (known(name) ? textFor(name) : whole))
        .replace(/ {2,}/g, ' ')
        .trim(),
    )
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}
