import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NameSpelling } from '#models/runtime/NameSpelling.ts';
import { TextTokenizer } from '#models/runtime/TextTokenizer.ts';
import { installedModels } from '../support/models.ts';

const open = async () => TextTokenizer.open(join(await installedModels(), 'stories15m'));

/** How the logits of all tokens change after a text, given these names. */
function changes(tokenizer: TextTokenizer, names: readonly string[], before: string): Float32Array {
  const logits = new Float32Array(32_000);
  new NameSpelling(names, tokenizer).favour(logits, tokenizer.encodeAfter('and', before));
  return logits;
}

const idsOf = (logits: Float32Array, sign: 1 | -1): number[] =>
  [...logits.keys()].filter((id) => Math.sign(logits[id] ?? 0) === sign);

test('a name that has been begun is more likely to go on as that name, wherever it stands', async () => {
  const tokenizer = await open();
  for (const border of [' ', '\n', ' "']) {
    const name = tokenizer.encodeAfter(border === ' ' ? 'and' : border, border === ' ' ? ' Elara' : 'Elara');
    const begun = new Float32Array(32_000);
    new NameSpelling(['Elara'], tokenizer).favour(begun, name.slice(0, -1));
    expect(idsOf(begun, 1)).toEqual([name.at(-1)]);
    expect(idsOf(begun, -1)).toEqual([]);
  }
});

test('a whole name is less likely to grow, unless another name begins with it', async () => {
  const tokenizer = await open();
  const grown = idsOf(changes(tokenizer, ['Tomas'], ' Tomas'), -1);
  expect(grown).toEqual([...tokenizer.wordContinuations].toSorted((a, b) => a - b));
  expect(idsOf(changes(tokenizer, ['Tom', 'Tomas'], ' Tom'), -1)).toEqual([]);
  expect(idsOf(changes(tokenizer, ['Ann'], ' Joann'), -1)).toEqual([]);

  const [, rest = 0] = tokenizer.encodeAfter('and', ' Tomas');
  const tom = tokenizer.encode('\nTom').at(-1) ?? 0;
  const unusual = new Float32Array(32_000);
  expect(tokenizer.textOf([tom, rest])).toBe('Tomas');
  new NameSpelling(['Tomas'], tokenizer).favour(unusual, [tom, rest]);
  expect(idsOf(unusual, -1)).toEqual(grown);
});

test('nothing changes where no name is begun, and Chinese names are left alone', async () => {
  const tokenizer = await open();
  expect(changes(tokenizer, ['Elara'], ' the sea').every((change) => change === 0)).toBe(true);
  expect(changes(tokenizer, ['艾拉'], '艾').every((change) => change === 0)).toBe(true);
});
