import { EllipsisVertical } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RecentStory } from '#shared/contract/studio.ts';
import { ActionMenu } from '../../components/ActionMenu.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import styles from './StartScreen.module.css';

export interface RecentCardProps {
  readonly story: RecentStory;
  readonly isDisabled: boolean;
  onOpen(): void;
  onForget(): void;
}

/** A story on the shelf: its cover, title, size, and when it was last open. */
export function RecentCard({ story, isDisabled, onOpen, onForget }: RecentCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const lang = story.language === 'zh' ? 'zh-Hans' : 'en';
  return (
    <article className={styles.card}>
      <Button className={styles.cardOpen} isDisabled={isDisabled || !story.exists} onPress={onOpen}>
        {story.coverUrl === '' ? (
          <span className={styles.blankCover} lang={lang} aria-hidden>
            {Array.from(story.title).slice(0, 1).join('').toLocaleUpperCase(lang)}
          </span>
        ) : (
          <img className={styles.cover} src={story.coverUrl} alt="" loading="lazy" />
        )}
        <span className={styles.cardText}>
          <span className={styles.cardTitle} lang={lang}>
            {story.title}
          </span>
          {story.exists ? (
            <>
              <span className={styles.cardFacts}>
                {t('app.words', { count: story.words })} · {t('app.scenes', { count: story.scenes })}
              </span>
              <span className={styles.cardFacts}>
                {t('start.openedAt', { when: format.ago(story.openedAt) })}
              </span>
            </>
          ) : (
            <span className={styles.missing}>{t('start.missing')}</span>
          )}
        </span>
      </Button>
      <div className={styles.cardMenu}>
        <ActionMenu
          label={t('start.options', { title: story.title })}
          actions={[{ id: 'forget', label: t('start.forget'), run: onForget }]}
        >
          <IconButton
            small
            label={t('start.options', { title: story.title })}
            icon={<EllipsisVertical size={16} aria-hidden />}
          />
        </ActionMenu>
      </div>
    </article>
  );
}
