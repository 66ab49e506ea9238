import { useMemo, useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SearchMatch, SearchQuery } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { CharacterId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { tell } from '../../stores/notices.ts';
import { openCharacter, openScene, select } from '../../stores/selectionStore.ts';
import { dispatch, flushStory, loadTexts, openStory, undo, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Find.module.css';
import { FoundList } from './FoundList.tsx';
import { matchKey } from './matchKey.ts';
import { planReplace } from './planReplace.ts';

const limit = 2_000;

interface Found {
  readonly query: SearchQuery;
  readonly matches: readonly SearchMatch[];
  readonly truncated: boolean;
}

/** Finds and replaces in every scene, character and picture; replacing is one step of undo however much it changes. */
export function FindDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const [query, setQuery] = useState<SearchQuery>({
    text: '',
    regex: false,
    matchCase: false,
    wholeWord: false,
  });
  const [replacement, setReplacement] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const chosen = useMemo(
    () => (found?.matches ?? []).filter((match) => !left.has(matchKey(match))),
    [found, left],
  );

  const search = async () => {
    if (query.text === '' || isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await flushStory();
      const { sessionId } = openStory();
      setFound({ query, ...(await client.story.search({ sessionId, query, limit })) });
      setLeft(new Set());
    } catch (thrown) {
      setFound(null);
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };

  const replace = async (matches: readonly SearchMatch[]) => {
    if (!found || matches.length === 0) return;
    setError(null);
    try {
      await loadTexts(matches.flatMap(({ target }) => (target.kind === 'scene' ? [target.id] : [])));
      const commands = planReplace(openStory().story, matches, found.query, replacement);
      if (!commands) {
        setError(new AppError('story/invalid-command', 'The text has changed since the search'));
        await search();
        return;
      }
      if (!dispatch(commands, { label: t('step.replace', { count: matches.length }) })) return;
      tell(t('find.replaced', { count: matches.length }), { label: t('desk.undo'), run: undo });
      await search();
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };

  const show = ({ target, field, at, length, matched }: SearchMatch) => {
    onClose();
    if (target.kind === 'scene') {
      openScene(target.id);
      if (field === 'text') {
        select({ reveal: { sceneId: target.id, from: at, to: at + length, text: matched } });
      } else select({ right: 'scene' });
    } else if (target.kind === 'character') openCharacter(target.id as CharacterId);
    else select({ imageId: target.id });
  };

  return (
    <AppDialog
      size="wide"
      title={t('find.title')}
      onClose={onClose}
      foot={
        isReadOnly ? undefined : (
          <>
            <div className={styles.replace}>
              <TextField
                label={t('find.replace')}
                labelHidden
                placeholder={t('find.replace')}
                value={replacement}
                onChange={setReplacement}
              />
            </div>
            <Button look="solid" isDisabled={chosen.length === 0} onPress={() => void replace(chosen)}>
              {t('find.replaceAll')}
              {chosen.length > 0 && ` (${String(chosen.length)})`}
            </Button>
          </>
        )
      }
    >
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <div className={styles.line}>
          <TextField
            label={t('find.find')}
            labelHidden
            placeholder={t('find.find')}
            autoFocus
            value={query.text}
            onChange={(text) => setQuery({ ...query, text })}
          />
          <Button look="solid" type="submit" isDisabled={query.text === ''}>
            {t(isBusy ? 'find.searching' : 'find.search')}
          </Button>
        </div>
        <div className={styles.options}>
          {(['matchCase', 'wholeWord', 'regex'] as const).map((option) => (
            <Checkbox
              key={option}
              isSelected={query[option]}
              onChange={(isOn) => setQuery({ ...query, [option]: isOn })}
            >
              {t(`find.${option}`)}
            </Checkbox>
          ))}
          <span className={styles.total} role="status">
            {found && found.matches.length > 0 && t('find.found', { count: found.matches.length })}{' '}
            {found?.truncated && t('find.truncated', { count: limit })}
          </span>
        </div>
      </Form>
      {error && <ErrorNote error={error} />}
      {found?.matches.length === 0 && <EmptyState title={t('find.none')} />}
      {found && found.matches.length > 0 && (
        <FoundList
          matches={found.matches}
          query={found.query}
          replacement={replacement}
          left={left}
          isReadOnly={isReadOnly}
          onLeft={setLeft}
          onShow={show}
          onReplace={(match) => void replace([match])}
        />
      )}
    </AppDialog>
  );
}
