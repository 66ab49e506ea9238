import { expect, test } from 'vitest';
import { renderChat } from '#models/adapters/chatml.ts';
import { asTurns, disarm, renderContinuation } from '#models/adapters/dialect.ts';

test('ChatML: closed turns, then an answer that is begun', () => {
  const asked = renderChat([{ role: 'user', text: 'Who?', pictures: 2 }], 'Be kind.', '<p>');
  expect(asked).toBe(
    '<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n<p><p>Who?<|im_end|>\n<|im_start|>assistant\n',
  );
  expect(renderChat(asTurns('Write.', 'Once'), 'Be kind.')).toMatch(/<\|im_start\|>assistant\nOnce$/);
  const turns = [...asTurns('Who?', 'Elara.'), { role: 'user', text: 'Why?', pictures: 0 } as const];
  expect(renderChat(turns, 'Be kind.')).toContain('assistant\nElara.<|im_end|>\n<|im_start|>user\nWhy?');
});

test('a base model goes on with one text; marks in words are broken', () => {
  expect(renderContinuation('A lead', 'a text')).toBe('A lead\n\na text');
  expect(renderContinuation('', 'a text')).toBe('a text');
  expect(disarm('see <image> here', ['<image>'])).toBe('see < image> here');
});
