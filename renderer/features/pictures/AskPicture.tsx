import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { type Answered, type TaskKind, taskOfStyle } from '#shared/models/routing.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { ActionMenu } from '../../components/ActionMenu.tsx';
import { AnsweredLine } from '../../components/AnsweredLine.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { TaskErrorNote } from '../../components/TaskErrorNote.tsx';
import { Thumbs } from '../../components/Thumbs.tsx';
import { vote } from '../../stores/feedback.ts';
import { flushStory, openStory, useStoryStore } from '../../stores/storyStore.ts';
import { openTalk } from '../../stores/talkStore.ts';
import { DescribeTogether } from './DescribeTogether.tsx';
import styles from './PictureDialog.module.css';

export interface AskPictureProps {
  readonly imageId: ImageId;
  readonly isReadOnly: boolean;
  /** The writer takes over a proposed text. */
  onAccept(field: 'caption' | 'alt', text: string): void;
}

interface Reply {
  readonly task: TaskKind;
  readonly text: string;
  readonly answered: Answered;
}

/** Questions about a picture and proposals to describe it; nothing is written down before the writer takes it. */
export function AskPicture({ imageId, isReadOnly, onAccept }: AskPictureProps) {
  const { t } = useTranslation();
  const aiEnabled = useStoryStore((state) => state.story?.settings.aiEnabled ?? false);
  const language = useStoryStore((state) => state.story?.language ?? 'en');
  const [question, setQuestion] = useState('');
  const [reply, setReply] = useState<Reply | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  /** Which time all models are asked; `null` where they are not. */
  const [together, setTogether] = useState<number | null>(null);
  const [isBusy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  if (!aiEnabled) return null;

  const run = async (task: (signal: AbortSignal) => Promise<Reply>) => {
    if (isBusy) return;
    const own = new AbortController();
    running.current = own;
    setBusy(true);
    setError(null);
    setReply(null);
    setTogether(null);
    try {
      await flushStory();
      setReply(await task(own.signal));
    } catch (thrown) {
      if (!own.signal.aborted) setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  const accept = (field: 'caption' | 'alt', { task, text, answered: { modelId } }: Reply) => {
    onAccept(field, text);
    vote({ task, language, modelId, kind: 'accepted' });
  };
  const askAll = () => {
    if (isBusy) return;
    setError(null);
    setReply(null);
    flushStory().then(
      () => setTogether((count) => (count ?? 0) + 1),
      (thrown: unknown) => setError(AppError.from(thrown)),
    );
  };
  const ask = () =>
    run(async (signal) => {
      const { sessionId } = openStory();
      const asked = { sessionId, imageId, question: question.trim() };
      const { answer, answered } = await client.tasks.ask(asked, { signal });
      return { task: 'answer', text: answer, answered };
    });
  const describe = (style: 'detailed' | 'story' | 'alt') =>
    run(async (signal) => {
      const { sessionId } = openStory();
      const asked = { sessionId, imageId, style };
      const { description, answered } = await client.tasks.describe(asked, { signal });
      return { task: taskOfStyle(style), text: description, answered };
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
          actions={[
            ...(['detailed', 'story', 'alt'] as const).map((style) => ({
              id: style as string,
              label: t(`pictures.describeAs.${style}`),
              run: () => void describe(style),
            })),
            { id: 'together', label: t('together.describe'), run: askAll },
          ]}
        >
          <Button look="outline">{t('pictures.describe')}</Button>
        </ActionMenu>
        <Button look="outline" onPress={() => openTalk(imageId)}>
          {t('talk.open')}
        </Button>
      </Form>
      {together !== null && (
        <DescribeTogether key={together} imageId={imageId} isReadOnly={isReadOnly} onAccept={onAccept} />
      )}
      {isBusy && (
        <div className={styles.replyActs}>
          <span className={styles.hint} role="status">
            {t('pictures.looking')}
          </span>
          <Button small look="outline" onPress={() => running.current?.abort()}>
            {t('pictures.stopLooking')}
          </Button>
        </div>
      )}
      {reply && (
        <div className={styles.reply} role="status">
          <p>{reply.text}</p>
          <p className={styles.hint}>
            <AnsweredLine answered={reply.answered} />
          </p>
          <div className={styles.replyActs}>
            <Thumbs key={reply.text} of={{ task: reply.task, language, modelId: reply.answered.modelId }} />
            {!isReadOnly &&
              reply.task !== 'answer' &&
              (['alt', 'caption'] as const).map((field) => (
                <Button key={field} small look="outline" onPress={() => accept(field, reply)}>
                  {t(field === 'alt' ? 'pictures.useAsAlt' : 'pictures.useAsCaption')}
                </Button>
              ))}
          </div>
        </div>
      )}
      {error && <TaskErrorNote error={error} />}
    </section>
  );
}
