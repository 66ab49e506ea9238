import type { CharacterContext, PromptPart, WriteContext } from '../../models/task.ts';
import type { Language } from '../../story/scene.ts';
import { beginningWithin, endWithin } from './cutText.ts';
import { introduce, opening } from './introduce.ts';
import { mentions, namesOf } from './mentions.ts';
import {
  builtInTemplates,
  fillTemplate,
  type Placeholder,
  type TemplateForm,
  templateId,
} from './templates.ts';

/** How the answering model counts and is spoken to. */
export interface PromptModel {
  readonly form: TemplateForm;
  /** Tokens that the prompt may take. */
  readonly budgetTokens: number;
  count(text: string): number;
  /** Puts the model's own marks around: `lead` is the filled template, `text` is what the model goes on with. */
  render(lead: string, text: string): string;
}

export interface AssembledPrompt {
  /** Exactly what is sent. */
  readonly prompt: string;
  readonly promptTokens: number;
  /** Tokens up to the scene's text: what should stay when older text must make room. */
  readonly leadTokens: number;
  readonly parts: readonly PromptPart[];
}

interface Piece {
  readonly name: PromptPart['name'];
  readonly label: string;
  readonly placeholder: Placeholder;
  readonly text: string;
  /** Whether a beginning of it is of use. */
  readonly cuttable: boolean;
}

/** Share of the budget that belongs to the text before the caret, whatever else there is to say. */
const textShare = 0.4;

/**
 * Fits a writing task into a budget. The order of what is kept: the template, the instruction, the scene, a good piece of
 * the text before the caret, the characters that the text names, the others, the author's note, the story's summary,
 * the pictures; what is left over goes to the text. Nothing is left out without being told in `parts`.
 */
export function assemblePrompt(context: WriteContext, model: PromptModel): AssembledPrompt {
  const id = templateId(model.form, context.language);
  const template = context.templates[id] ?? builtInTemplates[id];
  const pieces = piecesOf(context, model.form);
  const title = { title: context.storyTitle, sceneTitle: context.sceneTitle };
  const render = (kept: readonly Kept[], text: string) =>
    model.render(fillTemplate(template, { ...valuesOf(kept, model.form, context.language), ...title }), text);
  const cost = (kept: readonly Kept[]) => model.count(render(kept, ''));

  // A space at the end would be a token of its own, after which models lose their way.
  const text = context.textBefore.replace(/[ \t]+$/, '');
  const textTokens = model.count(text.slice(-12 * model.budgetTokens));
  const reserved = Math.min(textTokens, Math.floor(model.budgetTokens * textShare));
  const kept: Kept[] = [];
  for (const piece of pieces) {
    if (piece.text === '') continue;
    const limit = model.budgetTokens - reserved;
    const whole = { piece, text: piece.text };
    if (cost([...kept, whole]) <= limit) {
      kept.push(whole);
      continue;
    }
    const room = limit - cost(kept);
    const beginning = piece.cuttable ? beginningWithin(piece.text, room, model.count, context.language) : '';
    if (beginning !== '' && cost([...kept, { piece, text: beginning }]) <= limit) {
      kept.push({ piece, text: beginning });
    }
  }

  let room = Math.max(0, model.budgetTokens - cost(kept));
  let end = endWithin(text, room, model.count, context.language);
  let prompt = render(kept, end);
  while (model.count(prompt) > model.budgetTokens && end !== '') {
    room -= Math.max(1, model.count(prompt) - model.budgetTokens);
    end = endWithin(text, room, model.count, context.language);
    prompt = render(kept, end);
  }
  const lead = fillTemplate(template, { ...valuesOf(kept, model.form, context.language), ...title });
  return {
    prompt,
    promptTokens: model.count(prompt),
    leadTokens: model.count(model.render(lead, '')),
    parts: [
      part('template', id, lead, 'whole', model),
      ...pieces
        .filter((piece) => piece.text !== '')
        .map((piece) => {
          const sent = kept.find((candidate) => candidate.piece === piece)?.text ?? '';
          const fate = sent === '' ? 'left-out' : sent === piece.text ? 'whole' : 'cut';
          return part(piece.name, piece.label, sent === '' ? piece.text : sent, fate, model);
        }),
      ...(text === ''
        ? []
        : [part('text', '', end, end === text ? 'whole' : end === '' ? 'left-out' : 'cut', model)]),
    ],
  };
}

interface Kept {
  readonly piece: Piece;
  readonly text: string;
}

const part = (
  name: PromptPart['name'],
  label: string,
  text: string,
  sent: PromptPart['sent'],
  model: PromptModel,
): PromptPart => ({ name, label, text, tokens: model.count(text), sent });

function piecesOf(context: WriteContext, form: TemplateForm): Piece[] {
  const nearby = [context.instruction, context.sceneSummary, context.textBefore.slice(-2000)].join('\n');
  const named = (character: CharacterContext) => mentions(nearby, namesOf(character));
  const characters = [
    ...context.characters.filter(named),
    ...context.characters.filter((character) => !named(character)),
  ];
  const one = (
    name: PromptPart['name'],
    placeholder: Placeholder,
    text: string,
    cuttable: boolean,
  ): Piece => ({
    name,
    label: '',
    placeholder,
    text: text.trim(),
    cuttable,
  });
  return [
    one('instruction', 'instruction', context.instruction, false),
    one('scene', 'scene', context.sceneSummary, true),
    ...characters.map((character) => ({
      name: 'character' as const,
      label: character.name,
      placeholder: 'characters' as const,
      text: introduce(character, form, context.language),
      cuttable: form === 'continue',
    })),
    one('note', 'note', context.authorNote, true),
    one('story', 'story', context.storySummary, true),
    ...context.pictures.map((text) => one('picture', 'pictures', text, false)),
  ];
}

function valuesOf(
  kept: readonly Kept[],
  form: TemplateForm,
  language: Language,
): Record<Exclude<Placeholder, 'title' | 'sceneTitle'>, string> {
  const separator = form === 'chat' ? '\n' : language === 'zh' ? '' : ' ';
  const join = (placeholder: Placeholder): string =>
    kept
      .filter(({ piece }) => piece.placeholder === placeholder)
      .map(({ text }, index) => {
        if (form === 'chat') return text;
        return sentence(placeholder === 'characters' ? opening(text, index, language) : text, language);
      })
      .join(separator);
  return {
    story: join('story'),
    scene: join('scene'),
    characters: join('characters'),
    pictures: join('pictures'),
    note: join('note'),
    instruction: join('instruction'),
  };
}

/** Ends a text with a full stop if it ends with no mark at all. */
const sentence = (text: string, language: Language): string =>
  /[\p{P}]$/u.test(text) ? text : `${text}${language === 'zh' ? '。' : '.'}`;
