import type { ComposeContext, ComposePurpose } from '#shared/models/compose.ts';
import type { PlannedScene, StoryPlan } from '#shared/models/storyPlan.ts';
import type { CharacterContext, WriteContext } from '#shared/models/task.ts';
import type { Story } from '#shared/story/story.ts';
import { relevantCharacters } from '#shared/text/prompts/mentions.ts';
import { composeContextOf } from '../tasks/composeContext.ts';
import { characterContext, charactersOf } from '../tasks/sceneContext.ts';

/** Everybody of the story and of the plan. */
const everyoneOf = (story: Story, plan: StoryPlan): CharacterContext[] => [
  ...charactersOf(story).map(characterContext),
  ...plan.characters.map(({ name, description }) => ({
    name,
    aliases: [],
    description,
    visualDescription: '',
  })),
];

/** What a model is told to propose a title, characters or an outline for a plan. `pictures` are their descriptions. */
export function proposalContext(
  story: Story,
  plan: StoryPlan,
  purpose: ComposePurpose,
  pictures: readonly string[],
): ComposeContext {
  const { language } = plan;
  const context = composeContextOf(story, { purpose, language, instruction: '', source: '', scene: null });
  return {
    ...context,
    storyTitle: plan.title,
    storySummary: plan.premise,
    instruction: purpose === 'outline' ? wishFor(plan) : '',
    characters: everyoneOf(story, plan),
    scenes: plan.scenes.map(({ title, summary }) => ({ title, summary })),
    pictures: [...pictures],
  };
}

const wishFor = ({ language, sceneCount }: StoryPlan): string =>
  language === 'zh'
    ? `一共 ${String(sceneCount)} 个场景。`
    : `There are ${String(sceneCount)} scenes in all.`;

/** What a model is told to write a scene of a plan: the scenes before it by what they came to. */
export function plannedSceneContext(
  story: Story,
  plan: StoryPlan,
  scene: PlannedScene,
  pictures: readonly string[],
): WriteContext {
  const at = plan.scenes.findIndex(({ id }) => id === scene.id);
  return {
    language: plan.language,
    storyTitle: plan.title || story.title,
    storySummary: plan.premise,
    sceneTitle: scene.title,
    sceneSummary: scene.summary,
    authorNote: '',
    instruction: '',
    textBefore: scene.text,
    characters: relevantCharacters(everyoneOf(story, plan), () => false, [
      scene.title,
      scene.summary,
      scene.text,
    ]),
    before: plan.scenes
      .slice(0, Math.max(0, at))
      .map(({ title, summary, recap }) => ({ title, summary: recap || summary }))
      .filter(({ summary }) => summary.trim() !== ''),
    pictures: [...pictures],
    templates: story.settings.templates,
  };
}

/** What a model is told to sum a written scene up. */
export const recapContext = (story: Story, plan: StoryPlan, scene: PlannedScene): ComposeContext =>
  composeContextOf(story, {
    purpose: 'summary',
    language: plan.language,
    instruction: '',
    source: scene.text,
    scene: null,
  });
