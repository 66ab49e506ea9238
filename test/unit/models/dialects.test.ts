import { expect, test } from 'vitest';
import { renderChat } from '#models/adapters/chatml.ts';
import { asTurns, disarm, renderContinuation } from '#models/adapters/dialect.ts';
import { renderTurns, writeTiles } from '#models/adapters/smolvlm/smolVlmAdapter.ts';
import { loadFixture } from '../../support/parity.ts';

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

test('SmolVLM: one conversation begins once; tiles are written row by row, the whole picture last', async () => {
  const turns = [
    { role: 'user', text: 'Who?', pictures: 1 },
    { role: 'assistant', text: 'Elara.', pictures: 0 },
    { role: 'user', text: 'Why?', pictures: 0 },
  ] as const;
  expect(renderTurns(turns)).toBe(
    '<|im_start|>User:<image>Who?<end_of_utterance>\nAssistant: Elara.<end_of_utterance>\nUser: Why?<end_of_utterance>\nAssistant:',
  );
  expect(renderTurns(turns.slice(0, 2))).toMatch(/Assistant: Elara\.$/);
  const tile = (place: string) => `<fake_token_around_image><${place}><image>`;
  const whole = `${tile('global-img')}<fake_token_around_image>`;
  expect(writeTiles({ rows: 0, columns: 0 })).toBe(whole);
  expect(writeTiles({ rows: 2, columns: 1 })).toBe(
    `${tile('row_1_col_1')}\n${tile('row_2_col_1')}\n\n${whole}`,
  );
});

test('captioners are told a task, others are asked in words', async () => {
  await using florence = await loadFixture('florence2');
  const { prompting } = florence;
  const turn = (text: string) => [{ role: 'user', text, pictures: 1 }] as const;
  expect(prompting?.caption('alt')).toBe('<CAPTION>');
  expect(prompting?.converse(turn('<CAPTION>'))).toBe('What does the image describe?');
  expect(prompting?.converse(turn(prompting.caption('detailed') ?? ''))).toBe(
    'Describe with a paragraph what is shown in the image.',
  );
  const picture = { width: 1, height: 1, rgb: Uint8Array.of(1, 2, 3) };
  await expect(
    florence.answerQuestion([picture], ['Who?'], new AbortController().signal),
  ).rejects.toMatchObject({ code: 'model/unsupported-call' });
  await using blip2 = await loadFixture('blip2-opt');
  expect([blip2.prompting?.caption('alt'), blip2.prompting?.caption('story')]).toEqual(['', null]);
  await using llava = await loadFixture('llava');
  expect(llava.prompting?.caption('alt')).toBeNull();
});
