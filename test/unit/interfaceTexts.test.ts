import { describe, expect, test } from 'vitest';
import { en } from '#renderer/i18n/en/index.ts';
import { zh } from '#renderer/i18n/zh/index.ts';
import { errorTraits } from '#shared/errors/AppError.ts';

type Tree = { readonly [key: string]: string | Tree };

const flat = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );
const placeholders = (text: string) =>
  Array.from(text.matchAll(/\{\{(\w+)/g), ([, name]) => name).toSorted((a = '', b = '') =>
    a.localeCompare(b),
  );

const english = new Map(flat(en));
const chinese = new Map(flat(zh));

describe('texts of the interface', () => {
  test('both languages have the same keys; Chinese needs no singular', () => {
    const wanted = [...english.keys()].filter((key) => !key.endsWith('_one'));
    expect([...chinese.keys()].toSorted()).toEqual(wanted.toSorted());
  });

  test('every English singular has its plural', () => {
    const singular = [...english.keys()].filter((key) => key.endsWith('_one'));
    expect(singular.filter((key) => !english.has(key.replace(/_one$/, '_other')))).toEqual([]);
  });

  test('translations fill in the same values', () => {
    const different = [...chinese].filter(
      ([key, text]) =>
        JSON.stringify(placeholders(text)) !== JSON.stringify(placeholders(english.get(key) ?? '')),
    );
    expect(different).toEqual([]);
  });

  test('no text is empty, and Chinese texts are Chinese', () => {
    const empty = [...english, ...chinese].filter(([, text]) => text.trim() === '');
    const names = /^(app\.name|book\.formats\..*)$/;
    const written = (text: string) => text.replace(/\{\{.*?\}\}|https:\S*/g, '');
    const untranslated = [...chinese].filter(
      ([key, text]) => !names.test(key) && /[A-Za-z]{3}/.test(written(text)) && !/\p{Script=Han}/u.test(text),
    );
    expect({ empty, untranslated }).toEqual({ empty: [], untranslated: [] });
  });

  test('every failure says what happened and what to do next, in both languages', () => {
    const codes = Object.keys(errorTraits).toSorted();
    for (const errors of [en.errors, zh.errors]) {
      expect(Object.keys(errors).toSorted()).toEqual(codes);
      expect(Object.values(errors).filter(({ title, next }) => title === '' || next === '')).toEqual([]);
    }
  });
});
