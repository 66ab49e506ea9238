import type { ComposeContext } from '../../models/compose.ts';
import { characterPiece, joinTexts, plainPiece } from './assemblePrompt.ts';
import { type AssembledPrompt, fitParts, type Piece, type PromptModel } from './fitParts.ts';
import { builtInTemplates, templateId } from './templates.ts';

/**
 * Fits a task that is no scene into a budget. Kept first: the template, the source, the instruction, the story's summary,
 * the characters, the scenes, the pictures.
 */
export function composePrompt(context: ComposeContext, model: PromptModel): AssembledPrompt {
  const { purpose, language } = context;
  const id = templateId(purpose, language);
  const scene = ({ title, summary }: ComposeContext['scenes'][number]): Piece => ({
    name: 'scene',
    label: title,
    placeholder: 'scenes',
    text: [title, summary].filter((text) => text.trim() !== '').join(language === 'zh' ? '：' : ': '),
    cuttable: false,
  });
  return fitParts(
    {
      language,
      templateId: id,
      template: context.templates[id] ?? builtInTemplates[id],
      fixed: { title: context.storyTitle },
      pieces: [
        plainPiece('source', 'source', context.source, true),
        plainPiece('instruction', 'instruction', context.instruction, false),
        plainPiece('story', 'story', context.storySummary, true),
        ...context.characters.map((character) => characterPiece(character, 'chat', language)),
        ...context.scenes.map(scene),
        plainPiece('note', 'note', context.authorNote, true),
        ...context.pictures.map((text) => plainPiece('picture', 'pictures', text, false)),
      ],
      text: context.beginning,
      join: (placeholder, texts) => joinTexts(placeholder, texts, 'chat', language),
    },
    model,
  );
}
