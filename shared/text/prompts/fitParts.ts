import type { PromptPart } from '../../models/task.ts';
import type { Language } from '../../story/scene.ts';
import { beginningWithin, endWithin } from './cutText.ts';
import { fillTemplate, type Placeholder, type TemplateForm, type TemplateId } from './templates.ts';

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
  /** Tokens up to what the model goes on with: what should stay when older text must make room. */
  readonly leadTokens: number;
  readonly parts: readonly PromptPart[];
}

/** Something to be told, and where in the template it stands. */
export interface Piece {
  readonly name: PromptPart['name'];
  readonly label: string;
  readonly placeholder: Placeholder;
  readonly text: string;
  /** Whether a beginning of it is of use. */
  readonly cuttable: boolean;
}

/** What there is to tell. Pieces are kept in their order while there is room; they stand where the template names them. */
export interface Told {
  readonly language: Language;
  readonly templateId: TemplateId;
  readonly template: string;
  /** Short values that are always told. */
  readonly fixed: Readonly<Partial<Record<Placeholder, string>>>;
  readonly pieces: readonly Piece[];
  /** What the model goes on with: the newest of it where not everything fits. */
  readonly text: string;
  /** Several texts of one placeholder as one. */
  join(placeholder: Placeholder, texts: readonly string[]): string;
}

/** Share of the budget that belongs to the text that the model goes on with, whatever else there is to say. */
const textShare = 0.4;

interface Kept {
  readonly piece: Piece;
  readonly text: string;
}

/** Fits what there is to tell into a budget. Nothing is left out without being told in `parts`. */
export function fitParts(told: Told, model: PromptModel): AssembledPrompt {
  const { language } = told;
  const fill = (kept: readonly Kept[]) => fillTemplate(told.template, valuesOf(told, kept));
  const render = (kept: readonly Kept[], text: string) => model.render(fill(kept), text);
  const cost = (kept: readonly Kept[]) => model.count(render(kept, ''));

  // A space at the end would be a token of its own, after which models lose their way.
  const text = told.text.replace(/[ \t]+$/, '');
  const textTokens = model.count(text.slice(-12 * model.budgetTokens));
  const reserved = Math.min(textTokens, Math.floor(model.budgetTokens * textShare));
  const limit = model.budgetTokens - reserved;
  const pieces = told.pieces.filter((piece) => piece.text !== '');
  const kept: Kept[] = [];
  for (const piece of pieces) {
    const whole = { piece, text: piece.text };
    if (cost([...kept, whole]) <= limit) {
      kept.push(whole);
      continue;
    }
    const room = limit - cost(kept);
    const beginning = piece.cuttable ? beginningWithin(piece.text, room, model.count, language) : '';
    if (beginning !== '' && cost([...kept, { piece, text: beginning }]) <= limit) {
      kept.push({ piece, text: beginning });
    }
  }

  let room = Math.max(0, model.budgetTokens - cost(kept));
  let end = endWithin(text, room, model.count, language);
  let prompt = render(kept, end);
  while (model.count(prompt) > model.budgetTokens && end !== '') {
    room -= Math.max(1, model.count(prompt) - model.budgetTokens);
    end = endWithin(text, room, model.count, language);
    prompt = render(kept, end);
  }
  const lead = fill(kept);
  return {
    prompt,
    promptTokens: model.count(prompt),
    leadTokens: model.count(model.render(lead, '')),
    parts: [
      part('template', told.templateId, lead, 'whole', model),
      ...pieces.map((piece) => {
        const sent = kept.find((candidate) => candidate.piece === piece)?.text ?? '';
        return part(
          piece.name,
          piece.label,
          sent === '' ? piece.text : sent,
          fateOf(sent, piece.text),
          model,
        );
      }),
      ...(text === '' ? [] : [part('text', '', end, fateOf(end, text), model)]),
    ],
  };
}

const fateOf = (sent: string, whole: string): PromptPart['sent'] =>
  sent === '' ? 'left-out' : sent === whole ? 'whole' : 'cut';

const part = (
  name: PromptPart['name'],
  label: string,
  text: string,
  sent: PromptPart['sent'],
  model: PromptModel,
): PromptPart => ({ name, label, text, tokens: model.count(text), sent });

/** Every placeholder's value; of the earlier scenes the newest are kept first, but told in the story's order. */
function valuesOf(
  { fixed, join, pieces }: Told,
  kept: readonly Kept[],
): Partial<Record<Placeholder, string>> {
  const named = [...new Set(pieces.map(({ placeholder }) => placeholder))];
  const joined = named.map((name): [Placeholder, string] => {
    const texts = kept.filter(({ piece }) => piece.placeholder === name).map(({ text }) => text);
    return [name, join(name, name === 'before' ? texts.toReversed() : texts)];
  });
  return { ...fixed, ...Object.fromEntries(joined) };
}
