import type { ComposePurpose } from '#shared/models/compose.ts';
import { type Language, otherLanguage, type Scene } from '#shared/story/scene.ts';
import { planTranslation } from '#shared/story/translation.ts';
import { charactersOf, scenesOf, titlesOf, wholeLines } from '#shared/text/proposals/proposals.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { type OpenStory, openStory } from '../openStory.ts';
import { modelNamed, type SamplingOptions, samplingOf } from '../samplingOptions.ts';

export type Proposable = 'titles' | 'characters' | 'scenes';

const purposes: Readonly<Record<Proposable, ComposePurpose>> = {
  titles: 'title',
  characters: 'characters',
  scenes: 'outline',
};

interface Composed {
  readonly text: string;
  readonly model: string;
}

/** Has a text made that is no scene, and shows it as it comes. Errors: task/*, model/*, engine/*. */
async function compose(
  context: CliContext,
  story: OpenStory,
  purpose: ComposePurpose,
  wish: { readonly scene: Scene | null; readonly language: Language; readonly instruction: string },
  options: SamplingOptions,
): Promise<Composed> {
  let text = '';
  let model = '';
  let isCutOff = false;
  const events = story.open.studio.services.tasks.compose(
    {
      sessionId: story.session.id,
      purpose,
      language: wish.language,
      sceneId: wish.scene?.id ?? null,
      instruction: wish.instruction,
      source: '',
      modelId: modelNamed(options.model),
      sampling: samplingOf(options),
    },
    context.signal,
  );
  for await (const event of events) {
    context.output.event(event);
    if (event.type === 'text') {
      text += event.text;
      context.output.stream(event.text);
    } else if (event.type === 'done') {
      model = event.modelId;
      isCutOff = event.finish === 'length';
    }
  }
  context.output.stream('\n');
  return { text: wholeLines(text, isCutOff).trim(), model };
}

/** `propose <what>`: titles, characters or scenes; nothing of the story changes. */
export async function proposeCommand(
  context: CliContext,
  what: Proposable,
  options: SamplingOptions & { readonly instruction: string },
): Promise<CliResult> {
  const story = await openStory(context);
  const { language } = story.session.story;
  const wish = { scene: null, language, instruction: options.instruction };
  const { text, model } = await compose(context, story, purposes[what], wish, options);
  const answer = `1.${text}`;
  const found = {
    titles: () => titlesOf(answer),
    characters: () => charactersOf(answer),
    scenes: () => scenesOf(answer, language),
  }[what]();
  return success('', { [what]: found, model });
}

/** `summarise <scene>`: shows a summary; makes it the scene's own with `keep`. */
export async function summariseCommand(
  context: CliContext,
  sceneName: string,
  options: SamplingOptions & { readonly keep: boolean },
): Promise<CliResult> {
  const story = await openStory(context);
  const scene = story.scene(sceneName);
  const wish = { scene, language: scene.lang, instruction: '' };
  const { text, model } = await compose(context, story, 'summary', wish, options);
  const index = story.scenes().findIndex(({ id }) => id === scene.id);
  if (options.keep) await story.apply({ kind: 'scene.update', id: scene.id, patch: { summary: text } });
  return success(options.keep ? context.words.compose.keptSummary(index + 1) : '', {
    scene_index: index,
    summary: text,
    model,
    kept: options.keep,
  });
}

/** `translate <scene>`: shows the scene in the other language; adds it after this one with `add`. */
export async function translateCommand(
  context: CliContext,
  sceneName: string,
  options: SamplingOptions & { readonly add: boolean },
): Promise<CliResult> {
  const story = await openStory(context);
  const scene = story.scene(sceneName);
  const language = otherLanguage(scene.lang);
  const wish = { scene, language, instruction: '' } as const;
  const { text, model } = await compose(context, story, 'translation', wish, options);
  const added = options.add ? planTranslation(story.session.story, scene.id, { language, text }) : null;
  if (!added) return success('', { translation: text, language, model, added: false });
  await story.apply(...added.commands);
  const index = story.scenes().findIndex(({ id }) => id === added.sceneId);
  return success(context.words.compose.addedTranslation(index + 1), {
    translation: text,
    language,
    model,
    added: true,
    scene_index: index,
  });
}
