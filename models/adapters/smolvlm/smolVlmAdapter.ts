import type { TileGrid } from '../../preprocessing/tilePixels.ts';
import type { Turn } from '../adapter.ts';
import { asTurns, type Dialect } from '../dialect.ts';
import { pictureAdapter } from '../PictureWriter.ts';

const pictureMark = '<image>';
const around = '<fake_token_around_image>';
const end = '<end_of_utterance>\n';

/** A conversation as SmolVLM's own template writes it: no space before a turn that begins with pictures. */
export function renderTurns(turns: readonly Turn[]): string {
  const parts = turns.map(({ role, text, pictures }, index) => {
    if (role === 'user') {
      return `User:${pictures > 0 ? pictureMark.repeat(pictures) : ' '}${text}${end}`;
    }
    return `Assistant:${text === '' ? '' : ` ${text}`}${index === turns.length - 1 ? '' : end}`;
  });
  return `<|im_start|>${parts.join('')}${turns.at(-1)?.role === 'assistant' ? '' : 'Assistant:'}`;
}

/** A picture in tiles: each with its row and column before it, the whole picture behind an empty line. */
export function writeTiles({ rows, columns }: TileGrid): string {
  const whole = `${around}<global-img>${pictureMark}${around}`;
  if (rows === 0) return whole;
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from(
      { length: columns },
      (_tile, column) => `${around}<row_${String(row + 1)}_col_${String(column + 1)}>${pictureMark}`,
    ).join(''),
  );
  return `${lines.join('\n')}\n\n${whole}`;
}

const dialect: Dialect = {
  form: 'chat',
  pictures: 'marks',
  render: (lead, text) => renderTurns(asTurns(lead, text)),
  converse: renderTurns,
  tiled: writeTiles,
};

export const smolVlmAdapter = pictureAdapter('smolvlm', () => dialect);
