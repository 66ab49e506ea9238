import type { CharacterContext, PromptPart, WriteContext } from '../../models/task.ts';
import type { Language } from '../../story/scene.ts';
import { type AssembledPrompt, fitParts, type Piece, type PromptModel } from './fitParts.ts';
import { introduce, opening } from './introduce.ts';
import { mentions, namesOf } from './mentions.ts';
import { builtInTemplates, type Placeholder, type TemplateForm, templateId } from './templates.ts';

/**
 * Fits a writing task into a budget. The order of what is kept: the template, the instruction, the scene, a good piece of
 * the text before the caret, the characters that the text names, the scene just before, the other characters, the
 * author's note, the story's summary, the earlier scenes from the newest back, the pictures; what is left over goes to
 * the text.
 */
export function assemblePrompt(context: WriteContext, model: PromptModel): AssembledPrompt {
  const { language } = context;
  const id = templateId(model.form, language);
  return fitParts(
    {
      language,
      templateId: id,
      template: context.templates[id] ?? builtInTemplates[id],
      fixed: { title: context.storyTitle, sceneTitle: context.sceneTitle },
      pieces: piecesOf(context, model.form),
      text: context.textBefore,
      join: (placeholder, texts) => joinTexts(placeholder, texts, model.form, language),
    },
    model,
  );
}

/** A text that is told as it is. */
export const plainPiece = (
  name: PromptPart['name'],
  placeholder: Placeholder,
  text: string,
  cuttable: boolean,
): Piece => ({ name, label: '', placeholder, text: text.trim(), cuttable });

/** A character in the words that the model's form needs. */
export const characterPiece = (
  character: CharacterContext,
  form: TemplateForm,
  language: Language,
): Piece => ({
  name: 'character',
  label: character.name,
  placeholder: 'characters',
  text: introduce(character, form, language),
  cuttable: form === 'continue',
});

function piecesOf(context: WriteContext, form: TemplateForm): Piece[] {
  const nearby = [context.instruction, context.sceneSummary, context.textBefore.slice(-2000)].join('\n');
  const named = (character: CharacterContext) => mentions(nearby, namesOf(character));
  const characterPieces = (some: readonly CharacterContext[]) =>
    some.map((character) => characterPiece(character, form, context.language));
  const [last, ...earlier] = context.before.toReversed().map(
    ({ title, summary }): Piece => ({
      name: 'before',
      label: title,
      placeholder: 'before',
      text: summary.trim(),
      cuttable: false,
    }),
  );
  return [
    plainPiece('instruction', 'instruction', context.instruction, false),
    plainPiece('scene', 'scene', context.sceneSummary, true),
    ...characterPieces(context.characters.filter(named)),
    ...(last ? [last] : []),
    ...characterPieces(context.characters.filter((character) => !named(character))),
    plainPiece('note', 'note', context.authorNote, true),
    plainPiece('story', 'story', context.storySummary, true),
    ...earlier,
    ...context.pictures.map((text) => plainPiece('picture', 'pictures', text, false)),
  ];
}

/** Facts on lines of their own for a model that follows instructions, one piece of prose for one that goes on. */
export function joinTexts(
  placeholder: Placeholder,
  texts: readonly string[],
  form: TemplateForm,
  language: Language,
): string {
  if (form === 'chat') return texts.join('\n');
  return texts
    .map((text, index) =>
      sentence(placeholder === 'characters' ? opening(text, index, language) : text, language),
    )
    .join(language === 'zh' ? '' : ' ');
}

/** Ends a text with a full stop if it ends with no mark at all. */
const sentence = (text: string, language: Language): string =>
  /[\p{P}]$/u.test(text) ? text : `${text}${language === 'zh' ? '。' : '.'}`;
