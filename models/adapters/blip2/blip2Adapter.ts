import type { Turn } from '../adapter.ts';
import { type Dialect, renderContinuation } from '../dialect.ts';
import { pictureAdapter } from '../PictureWriter.ts';

/** Questions and short answers, as BLIP-2 is evaluated on them; a picture without words asks for its caption. */
function renderQuestions(turns: readonly Turn[]): string {
  if (turns.every(({ text }) => text === '')) return '';
  const parts = turns.map(({ role, text }, index) => {
    if (role === 'user') return `Question: ${text}`;
    return `Answer: ${text}${index === turns.length - 1 || /[.!?]$/.test(text) ? '' : '.'}`.trimEnd();
  });
  return [...parts, ...(turns.at(-1)?.role === 'assistant' ? [] : ['Answer:'])].join(' ');
}

const dialect: Dialect = {
  form: 'continue',
  pictures: 'first',
  render: renderContinuation,
  converse: renderQuestions,
  // It was trained to caption a picture that it is shown without words.
  caption: (style) => (style === 'story' ? null : ''),
};

export const blip2Adapter = pictureAdapter('blip2', () => dialect);
