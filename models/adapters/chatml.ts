import type { Turn } from './adapter.ts';

/** A conversation in ChatML. The model's own turn at the end is left open; where there is none, one is begun. */
export function renderChat(turns: readonly Turn[], system: string, pictureMark = ''): string {
  const last = turns.at(-1);
  const open = last?.role === 'assistant' ? last.text : '';
  const closed = last?.role === 'assistant' ? turns.slice(0, -1) : turns;
  const block = (role: string, text: string) => `<|im_start|>${role}\n${text}<|im_end|>\n`;
  return [
    block('system', system),
    ...closed.map(({ role, text, pictures }) => block(role, pictureMark.repeat(pictures) + text)),
    `<|im_start|>assistant\n${open}`,
  ].join('');
}
