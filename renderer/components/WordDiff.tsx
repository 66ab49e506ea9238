import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '#shared/story/scene.ts';
import styles from './WordDiff.module.css';
import { wordChanges } from './wordChanges.ts';

export interface WordDiffProps {
  readonly before: string;
  readonly after: string;
  readonly language: Language;
}

/** Two versions of a text in one, word by word: what went is struck out, what came is underlined. */
export function WordDiff({ before, after, language }: WordDiffProps) {
  const { t } = useTranslation();
  const changes = useMemo(() => wordChanges(before, after, language), [before, after, language]);
  return (
    <div className={styles.diff} lang={language === 'zh' ? 'zh-Hans' : 'en'}>
      {changes.map((change, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces have no identity beyond their place.
        if (change.kind === 'same') return <span key={index}>{change.text}</span>;
        const Piece = change.kind === 'removed' ? 'del' : 'ins';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <Piece key={index} className={styles[change.kind]}>
            <span className="visually-hidden">
              {t(change.kind === 'removed' ? 'snapshots.removedText' : 'snapshots.addedText')}
            </span>
            {change.text}
          </Piece>
        );
      })}
    </div>
  );
}
