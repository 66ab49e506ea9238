import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchMatch, SearchQuery } from '#shared/contract/studio.ts';
import type { CharacterId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Find.module.css';
import { matchKey } from './matchKey.ts';
import { replacementFor } from './planReplace.ts';

export interface FoundListProps {
  readonly matches: readonly SearchMatch[];
  readonly query: SearchQuery;
  readonly replacement: string;
  /** Matches that replacing leaves out. */
  readonly left: ReadonlySet<string>;
  readonly isReadOnly: boolean;
  onLeft(left: ReadonlySet<string>): void;
  onShow(match: SearchMatch): void;
  onReplace(match: SearchMatch): void;
}

const fieldNames = [
  'text',
  'title',
  'summary',
  'authorNote',
  'name',
  'aliases',
  'description',
  'visualDescription',
  'notes',
  'fields',
  'caption',
  'alt',
  'tags',
] as const;

function titleOf(story: Story | null, target: SearchMatch['target']): string {
  if (!story) return '';
  if (target.kind === 'scene') return story.scenes[target.id]?.title ?? '';
  if (target.kind === 'character') return story.characters[target.id as CharacterId]?.name ?? '';
  const image = story.images[target.id];
  return image ? pictureName(image, story.language) : '';
}

/** Matches by where they stand, each with what would become of it. */
export function FoundList(props: FoundListProps) {
  const { matches, query, replacement, left, isReadOnly, onLeft, onShow, onReplace } = props;
  const { t } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const groups = useMemo(() => {
    const byTarget = new Map<string, SearchMatch[]>();
    for (const match of matches) {
      const key = `${match.target.kind} ${match.target.id}`;
      byTarget.set(key, [...(byTarget.get(key) ?? []), match]);
    }
    return [...byTarget];
  }, [matches]);

  const toggle = (keys: readonly string[], isIn: boolean) => {
    const next = new Set(left);
    for (const key of keys) {
      if (isIn) next.delete(key);
      else next.add(key);
    }
    onLeft(next);
  };

  return (
    <ul className={styles.groups}>
      {groups.map(([key, found]) => {
        const [first] = found;
        if (!first) return null;
        const keys = found.map(matchKey);
        const title = titleOf(story, first.target) || t('app.untitled');
        const inCount = keys.filter((one) => !left.has(one)).length;
        return (
          <li key={key}>
            <div className={styles.groupHead}>
              {!isReadOnly && (
                <Checkbox
                  label={`${t('find.include')}: ${title}`}
                  isSelected={inCount === keys.length}
                  isIndeterminate={inCount > 0 && inCount < keys.length}
                  onChange={(isIn) => toggle(keys, isIn)}
                />
              )}
              <h3 className={styles.groupTitle}>{title}</h3>
              <span className={styles.kind}>{t(`trash.kinds.${first.target.kind}`)}</span>
            </div>
            <ul>
              {found.map((match) => {
                const one = matchKey(match);
                const field = fieldNames.find((name) => name === match.field.split('.')[0]) ?? 'other';
                return (
                  <li key={one} className={styles.match}>
                    {!isReadOnly && (
                      <Checkbox
                        label={`${t('find.include')}: ${match.matched}`}
                        isSelected={!left.has(one)}
                        onChange={(isIn) => toggle([one], isIn)}
                      />
                    )}
                    <p className={styles.excerpt}>
                      {match.before.slice(-40)}
                      <mark className={styles.mark}>{match.matched}</mark>
                      {replacement !== '' && !left.has(one) && (
                        <ins className={styles.new}>{replacementFor(match.matched, query, replacement)}</ins>
                      )}
                      {match.after}
                    </p>
                    <span className={styles.field}>{t(`find.fields.${field}`)}</span>
                    <Button small onPress={() => onShow(match)}>
                      {t('find.open')}
                    </Button>
                    {!isReadOnly && (
                      <Button small onPress={() => onReplace(match)}>
                        {t('find.replaceOne')}
                      </Button>
                    )}
                  </li>
                );
              })}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}
