import type { Character } from '../story/character.ts';
import type { Command } from '../story/commands.ts';
import { createCharacter, createScene } from '../story/create.ts';
import type { Story } from '../story/story.ts';
import { mentions, namesOf } from '../text/prompts/mentions.ts';
import type { StoryPlan } from './storyPlan.ts';

/**
 * What puts a plan into the story: its title and premise, its characters, and its scenes after those that are there. What
 * the story has already, by id, is left alone.
 */
export function planCommands(
  story: Story,
  plan: StoryPlan,
  wish: { readonly withTitle: boolean },
): Command[] {
  const characters = plan.characters
    .filter(({ id, name }) => name.trim() !== '' && !story.characters[id])
    .map((planned) => createCharacter(planned));
  const everyone: readonly Character[] = [...Object.values(story.characters), ...characters];
  const scenes = plan.scenes.filter(({ id }) => !story.scenes[id]);
  return [
    ...titleCommands(story, plan, wish.withTitle),
    ...characters.map(
      (character, index): Command => ({
        kind: 'character.add',
        character,
        index: story.characterOrder.length + index,
      }),
    ),
    ...scenes.flatMap(({ id, title, summary, text }, index): Command[] => {
      const about = [title, summary, text].join('\n');
      const scene = createScene({
        id,
        lang: plan.language,
        title,
        summary,
        status: text.trim() === '' ? 'idea' : 'draft',
        characterIds: everyone.filter((one) => mentions(about, namesOf(one))).map((one) => one.id),
      });
      return [
        { kind: 'scene.add', scene, parentId: null, index: story.outline.length + index },
        ...(text.trim() === ''
          ? []
          : [
              {
                kind: 'text.edit' as const,
                id,
                edits: [{ at: 0, removed: '', inserted: `${text.trim()}\n` }],
              },
            ]),
      ];
    }),
  ];
}

function titleCommands(story: Story, plan: StoryPlan, withTitle: boolean): Command[] {
  const patch = {
    ...(withTitle && plan.title.trim() !== '' && plan.title !== story.title
      ? { title: plan.title.trim() }
      : {}),
    ...(story.summary.trim() === '' && plan.premise.trim() !== '' ? { summary: plan.premise.trim() } : {}),
  };
  return Object.keys(patch).length === 0 ? [] : [{ kind: 'story.update', patch }];
}
