import { ImagePlus, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { ActionMenu } from '../../components/ActionMenu.tsx';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { TaskErrorNote } from '../../components/TaskErrorNote.tsx';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { clearTalk, saidNow, say, stopAnswer, toggleShowing, useTalk } from '../../stores/talkStore.ts';
import { SaidLine } from './SaidLine.tsx';
import styles from './Talk.module.css';

/** A conversation about a picture of the story, over as many turns as the writer likes. */
export function TalkDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const images = useStoryStore((state) => state.story?.images);
  const imageId = useTalk((talk) => talk.imageId);
  const said = useTalk(saidNow);
  const error = useTalk((talk) => talk.error);
  const isAnswering = useTalk((talk) => talk.isAnswering);
  const log = useRef<HTMLOListElement>(null);
  const image = imageId === null ? undefined : images?.[imageId];
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolled whenever something was said.
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [said]);
  if (!images || !image) return null;
  return (
    <AppDialog
      size="full"
      title={t('talk.title')}
      onClose={() => {
        stopAnswer();
        onClose();
      }}
    >
      <div className={styles.layout}>
        <div className={styles.view}>
          <Thumb key={image.id} image={image} variant="view" fit="contain" />
        </div>
        <div className={styles.talk}>
          {said.length === 0 ? (
            <Openers />
          ) : (
            <ol
              ref={log}
              className={styles.log}
              role="log"
              aria-label={t('talk.log')}
              aria-busy={isAnswering}
            >
              {said.map((one, index) => (
                <SaidLine key={one.id} said={one} images={images} isLast={index === said.length - 1} />
              ))}
            </ol>
          )}
          {error && <TaskErrorNote error={error} />}
          <Question images={images} isAnswering={isAnswering} />
        </div>
      </div>
    </AppDialog>
  );
}

/** Ways to begin. */
function Openers() {
  const { t } = useTranslation();
  return (
    <div className={styles.openers}>
      <p className={styles.quiet}>{t('talk.hint')}</p>
      {(['who', 'before', 'opening'] as const).map((key) => (
        <Button key={key} look="outline" onPress={() => void say(t(`talk.examples.${key}`))}>
          {t(`talk.examples.${key}`)}
        </Button>
      ))}
    </div>
  );
}

interface QuestionProps {
  readonly images: Readonly<Record<ImageId, StoryImage>>;
  readonly isAnswering: boolean;
}

/** The line to ask in, with the pictures that go along. */
function Question({ images, isAnswering }: QuestionProps) {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const showing = useTalk((talk) => talk.showing);
  const hasSaid = useTalk((talk) => saidNow(talk).length > 0);
  const [text, setText] = useState('');
  const live = useStoryStore(useShallow((state) => (state.story ? livePictures(state.story) : [])));
  const others = live.filter(({ id }) => !showing.includes(id));
  const send = () => {
    if (isAnswering || text.trim() === '') return;
    setText('');
    void say(text);
  };
  return (
    <Form
      className={styles.question}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {showing.length > 0 && (
        <div className={styles.showing}>
          {showing
            .flatMap((id) => images[id] ?? [])
            .map((image) => (
              <Button
                small
                key={image.id}
                aria-label={t('talk.shown', { name: pictureName(image, language) })}
                onPress={() => toggleShowing(image.id)}
              >
                <span className={styles.small}>
                  <Thumb image={image} isDecorative />
                </span>
              </Button>
            ))}
        </div>
      )}
      <div className={styles.line}>
        <TextField
          autoFocus
          label={t('talk.say')}
          labelHidden
          placeholder={t('talk.say')}
          value={text}
          onChange={setText}
        />
        <ActionMenu
          label={t('talk.show')}
          actions={others.map((image) => ({
            id: image.id,
            label: pictureName(image, language),
            run: () => toggleShowing(image.id),
          }))}
        >
          <IconButton
            label={t('talk.show')}
            icon={<ImagePlus size={18} aria-hidden />}
            isDisabled={others.length === 0 || showing.length >= 8}
          />
        </ActionMenu>
        {isAnswering ? (
          <Button look="outline" onPress={stopAnswer}>
            <Square size={14} aria-hidden />
            {t('talk.stop')}
          </Button>
        ) : (
          <Button look="solid" type="submit" isDisabled={text.trim() === ''}>
            {t('talk.send')}
          </Button>
        )}
        {hasSaid && (
          <Button look="outline" onPress={clearTalk}>
            {t('talk.clear')}
          </Button>
        )}
      </div>
    </Form>
  );
}
