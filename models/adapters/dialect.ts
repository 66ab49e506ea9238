import { AppError } from '#shared/errors/AppError.ts';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { TemplateForm } from '#shared/text/prompts/templates.ts';
import type { TileGrid } from '../preprocessing/tilePixels.ts';
import type { TextTokenizer } from '../runtime/TextTokenizer.ts';
import type { Prompting, Turn } from './adapter.ts';

/** The marks that a family was trained on. */
export interface Dialect {
  readonly form: TemplateForm;
  /** `marks`: a mark in the prompt for each. `first`: before all text, without a mark. `none`: it sees nothing. */
  readonly pictures: 'marks' | 'first' | 'none';
  render(lead: string, text: string): string;
  converse(turns: readonly Turn[]): string;
  /** What a captioner is told for a description, as a turn's text; `null` for asking in words. */
  caption?(style: DescriptionStyle): string | null;
  /** How a picture that was cut into tiles is written, where tiles are written one by one: a mark for each. */
  tiled?(tiles: TileGrid): string;
}

/** How a writer's words reach a model: in its dialect, with every mark in them disarmed. */
export function createPrompting(
  dialect: Dialect,
  tokenizer: TextTokenizer,
  {
    contextTokens,
    pictureTokens = () => 0,
  }: Pick<Prompting, 'contextTokens'> & Partial<Pick<Prompting, 'pictureTokens'>>,
): Prompting {
  const safe = (text: string) => disarm(text, tokenizer.specialTokens);
  return {
    form: dialect.form,
    contextTokens,
    count: (text) => tokenizer.count(text),
    pictureTokens,
    caption: (style) => dialect.caption?.(style) ?? null,
    render: (lead, text) => dialect.render(safe(lead), safe(text)),
    converse(turns) {
      if (dialect.pictures === 'none' && turns.some(({ pictures }) => pictures > 0)) {
        throw new AppError('input/invalid', 'The model cannot be shown pictures');
      }
      return dialect.converse(turns.map((turn) => ({ ...turn, text: safe(turn.text) })));
    },
  };
}

/** A text for a base model: the lead, then the scene's own text, as one story. */
export const renderContinuation = (lead: string, text: string): string =>
  [lead, text].filter((part) => part !== '').join('\n\n');

/** What a model is asked and how its answer begins, as a conversation. */
export const asTurns = (lead: string, text: string): Turn[] => [
  { role: 'user', text: lead, pictures: 0 },
  { role: 'assistant', text, pictures: 0 },
];

/** Breaks marks that the model would obey, so that a writer's text stays text. */
export const disarm = (text: string, marks: readonly string[]): string =>
  marks.reduce((safe, mark) => safe.replaceAll(mark, `${mark.slice(0, 1)} ${mark.slice(1)}`), text);
