import type { ComposeContext, ComposePurpose } from '#shared/models/compose.ts';
import type { CharacterContext, SceneSketch } from '#shared/models/task.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { relevantCharacters } from '#shared/text/prompts/mentions.ts';
import { characterContext, charactersOf } from './sceneContext.ts';

export interface ComposeWish {
  readonly purpose: ComposePurpose;
  readonly language: Language;
  readonly instruction: string;
  /** What is summarised, translated or rewritten; empty for the other purposes. */
  readonly source: string;
  /** The scene it is about; `null` for the whole story. */
  readonly scene: Scene | null;
}

/** A list keeps its form where its first mark is there already. */
const beginnings: Readonly<Partial<Record<ComposePurpose, string>>> = {
  title: '1.',
  characters: '1.',
  outline: '1.',
};

/** Everything a model may be told for a text about the story that is no scene. */
export function composeContextOf(story: Story, wish: ComposeWish): ComposeContext {
  const { purpose, language, instruction, source, scene } = wish;
  return {
    purpose,
    language,
    storyTitle: story.title,
    storySummary: story.summary,
    instruction,
    authorNote: scene?.authorNote ?? '',
    characters: charactersFor(story, wish),
    scenes: purpose === 'translation' || purpose === 'summary' ? [] : sketchesOf(story),
    pictures: [],
    source,
    beginning: beginnings[purpose] ?? '',
    templates: story.settings.templates,
  };
}

/** Every scene with a title or a summary, in the story's order. */
const sketchesOf = (story: Story): SceneSketch[] =>
  sceneOrder(story.outline).flatMap((id) => {
    const { title = '', summary = '' } = story.scenes[id] ?? {};
    return title.trim() === '' && summary.trim() === '' ? [] : [{ title, summary }];
  });

/** A translator needs the names alone; who rewrites a passage, those whom it names; who plans, everybody. */
function charactersFor(story: Story, { purpose, source, instruction }: ComposeWish): CharacterContext[] {
  const everyone = charactersOf(story);
  switch (purpose) {
    case 'summary':
      return [];
    case 'translation':
      return relevantCharacters(everyone, () => false, [source])
        .filter(({ aliases }) => aliases.length > 0)
        .map(({ name, aliases }) => ({
          name,
          aliases,
          description: aliases.join(', '),
          visualDescription: '',
        }));
    case 'rewrite':
      return relevantCharacters(everyone, () => false, [source, instruction]).map(characterContext);
    case 'title':
    case 'characters':
    case 'outline':
      return everyone.map(characterContext);
  }
}
