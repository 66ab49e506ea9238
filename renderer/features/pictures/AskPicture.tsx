import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { ActionMenu } from '../../components/ActionMenu.tsx';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { openDialog } from '../../stores/appStore.ts';
import { flushStory, openStory, useStoryStore } from '../../stores/storyStore.ts';
import styles from './PictureDialog.module.css';

export interface AskPictureProps {
  readonly imageId: ImageId;
  readonly isReadOnly: boolean;
  /** The writer takes over a proposed text. */
  onAccept(field: 'caption' | 'alt', text: string): void;
}

interface Reply {
  readonly kind: 'answer' | 'description';
  readonly text: string;
  readonly modelId: string;
}

/** Questions about a picture and proposals to describe it; nothing is written down before the writer takes it. */
export function AskPicture({ imageId, isReadOnly, onAccept }: AskPictureProps) {
  const { t } = useTranslation();
  const aiEnabled = useStoryStore((state) => state.story?.settings.aiEnabled ?? false);
  const [question, setQuestion] = useState('');
  const [reply, setReply] = useState<Reply | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!aiEnabled) return null;

  const run = async (task: () => Promise<Reply>) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    setReply(null);
    try {
      await flushStory();
      setReply(await task());
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  const ask = () =>
    run(async () => {
      const { sessionId } = openStory();
      const { answer, modelId } = await client.tasks.ask({ sessionId, imageId, question: question.trim() });
      return { kind: 'answer', text: answer, modelId };
    });
  const describe = (style: 'detailed' | 'story' | 'alt') =>
    run(async () => {
      const { sessionId } = openStory();
      const { description, modelId } = await client.tasks.describe({ sessionId, imageId, style });
      return { kind: 'description', text: description, modelId };
    });

  return (
    <section className={styles.ask} aria-label={t('pictures.ask')} aria-busy={isBusy}>
      <p className={styles.legend}>{t('pictures.ask')}</p>
      <Form
        className={styles.askLine}
        onSubmit={(event) => {
          event.preventDefault();
          if (question.trim() !== '' && !isBusy) void ask();
        }}
      >
        <TextField
          label={t('pictures.question')}
          labelHidden
          placeholder={t('pictures.question')}
          value={question}
          onChange={setQuestion}
        />
        <Button look="outline" type="submit" isDisabled={question.trim() === ''}>
          {t('pictures.askNow')}
        </Button>
        <ActionMenu
          label={t('pictures.describe')}
          actions={(['detailed', 'story', 'alt'] as const).map((style) => ({
            id: style,
            label: t(`pictures.describeAs.${style}`),
            run: () => void describe(style),
          }))}
        >
          <Button look="outline">{t('pictures.describe')}</Button>
        </ActionMenu>
      </Form>
      {reply && (
        <div className={styles.reply} role="status">
          <p>{reply.text}</p>
          <p className={styles.hint}>{t('pictures.proposal', { model: reply.modelId })}</p>
          {!isReadOnly && reply.kind === 'description' && (
            <div className={styles.askLine}>
              <Button small look="outline" onPress={() => onAccept('alt', reply.text)}>
                {t('pictures.useAsAlt')}
              </Button>
              <Button small look="outline" onPress={() => onAccept('caption', reply.text)}>
                {t('pictures.useAsCaption')}
              </Button>
            </div>
          )}
        </div>
      )}
      {error && (
        <>
          <ErrorNote error={error} />
          {error.code.startsWith('task/') || error.code.startsWith('model/') ? (
            <div>
              <Button small look="outline" onPress={() => openDialog('models')}>
                {t('errorUi.openModels')}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </section>
  );
}
