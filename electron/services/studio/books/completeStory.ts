import { sceneOrder } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';
import type { SceneTexts } from './planBook.ts';

/**
 * The whole story in one Markdown text, laid out as the specification's `generate_complete_story` does: title,
 * characters with their descriptions, scenes with their texts, headings in the story's language.
 */
export function completeStoryMarkdown(story: Story, texts: SceneTexts): string {
  const isChinese = story.language === 'zh';
  const characters = story.characterOrder.flatMap((id) => story.characters[id] ?? []);
  const scenes = sceneOrder(story.outline).flatMap((id) => story.scenes[id] ?? []);
  return [
    `# ${story.title}\n\n`,
    ...(characters.length === 0 ? [] : [isChinese ? '## 角色\n\n' : '## Characters\n\n']),
    ...characters.map(({ name, description }) => `### ${name}\n\n${description}\n\n`),
    ...scenes.map((scene, at) => {
      const heading = isChinese ? `场景 ${String(at + 1)}` : `Scene ${String(at + 1)}`;
      return `## ${heading}: ${scene.summary || scene.title}\n\n${texts.get(scene.id) ?? ''}\n\n`;
    }),
  ].join('');
}
