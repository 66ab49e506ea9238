import type { Dispute, Together } from '#shared/models/ensemble.ts';
import type { Vote } from '#shared/models/feedback.ts';
import type { Language } from '#shared/story/scene.ts';

/** What the writer ticked: a claim of a dispute by its place, and claims of single models by theirs. */
export interface Ticks {
  readonly disputes: Readonly<Record<number, string>>;
  readonly single: readonly number[];
}

const sentence = (text: string, language: Language): string => {
  const trimmed = text.trim().replace(/[.。,，;；]+$/u, '');
  if (trimmed === '') return '';
  if (language === 'zh') return `${trimmed}。`;
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
};

/** What is agreed and what was ticked, as a text. A dispute that is open is left out. */
export function textOf({ agreed, disputed, single, language }: Together, ticks: Ticks): string {
  const claims = [
    ...agreed.map(({ text }) => text),
    ...disputed.flatMap((_, index) => ticks.disputes[index] ?? []),
    ...ticks.single.toSorted((a, b) => a - b).flatMap((index) => single[index]?.text ?? []),
  ];
  return claims.map((claim) => sentence(claim, language)).join(language === 'zh' ? '' : ' ');
}

/** A tick speaks for the models that said it, and against those that said otherwise. */
export function votesOf({ claims }: Dispute, ticked: string, language: Language): Omit<Vote, 'at'>[] {
  const right = new Set(claims.filter(({ text }) => text === ticked).flatMap(({ modelIds }) => modelIds));
  return [...new Set(claims.flatMap(({ modelIds }) => modelIds))].map((modelId) => ({
    task: 'describe',
    language,
    modelId,
    kind: right.has(modelId) ? 'ticked' : 'unticked',
  }));
}
