import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileSlug } from '#shared/text/slug.ts';

describe('file names from titles', () => {
  test.each([
    ['The Crystal Guardian', 'the-crystal-guardian'],
    ['水晶守护者', '水晶守护者'],
    ['第一章：林中的光', '第一章-林中的光'],
    ["Elara's Lamp", 'elaras-lamp'],
    ['  a / b \\ c : d  ', 'a-b-c-d'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON', 'con-file'],
    ['com¹', 'com¹-file'],
    ['…', 'untitled'],
    ['', 'untitled'],
    ['\u{1F52E} orb', 'orb'],
    ['E\u0301lan', 'élan'],
    ['Straße', 'straße'],
  ])('%j becomes %j', (title, expected) => {
    expect(fileSlug(title)).toBe(expected);
  });

  test('cuts long titles between words, and long words anywhere', () => {
    expect(fileSlug('one two three four', 12)).toBe('one-two');
    expect(fileSlug('one two three four', 13)).toBe('one-two-three');
    expect(fileSlug('水'.repeat(100))).toBe('水'.repeat(40));
  });

  test('any title gives a safe, short, stable name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.integer({ min: 4, max: 60 }),
        (title, max) => {
          const slug = fileSlug(title, max);
          expect(slug).toMatch(/^[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*$/u);
          expect(slug).toBe(slug.normalize('NFC'));
          expect(Array.from(slug).length).toBeLessThanOrEqual(Math.max(max, 'untitled'.length + 2));
          expect(fileSlug(slug, Math.max(max, 10))).toBe(slug);
        },
      ),
    );
  });
});
