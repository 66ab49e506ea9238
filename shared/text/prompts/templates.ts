import type { Language } from '../../story/scene.ts';

/**
 * Templates of what a model is told before the scene's own text. `chat` gives an instruction, `continue` begins a story
 * that a base model goes on with. The text before the caret always follows by itself.
 */
const templateIds = ['chat.en', 'chat.zh', 'continue.en', 'continue.zh'] as const;
export type TemplateId = (typeof templateIds)[number];
export type TemplateForm = 'chat' | 'continue';

export const templateId = (form: TemplateForm, language: Language): TemplateId => `${form}.${language}`;

/** What a template may name. A paragraph whose names are all empty is left out of the prompt. */
const placeholders = [
  'title',
  'story',
  'sceneTitle',
  'scene',
  'characters',
  'pictures',
  'note',
  'instruction',
] as const;
export type Placeholder = (typeof placeholders)[number];

export const builtInTemplates: Readonly<Record<TemplateId, string>> = {
  'chat.en': `Write the content for the following scene in the story '{title}'.

{story}

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

{pictures}

{scene} {instruction}`,
  'continue.zh': `《{title}》

{characters}{story}

{pictures}

{scene}{instruction}`,
};

const placeholderPattern = /\{([a-zA-Z]+)\}/g;

/** Fills a template. Unknown names stay as they are; paragraphs that only name empty values are left out. */
export function fillTemplate(template: string, values: Readonly<Record<Placeholder, string>>): string {
  const known = (name: string): name is Placeholder => Object.hasOwn(values, name);
  return template
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => {
      const named = Array.from(paragraph.matchAll(placeholderPattern), ([, name = '']) => name).filter(known);
      return named.length === 0 || named.some((name) => values[name] !== '');
    })
    .map((paragraph) =>
      paragraph
        .replace(placeholderPattern, (whole, name: string) => (known(name) ? values[name] : whole))
        .replace(/ {2,}/g, ' ')
        .trim(),
    )
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}
