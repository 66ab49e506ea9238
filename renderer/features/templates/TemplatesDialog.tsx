import { useRef, useState } from 'react';
import { Group, ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Language } from '#shared/story/scene.ts';
import {
  builtInTemplates,
  type Placeholder,
  type TemplateName,
  templateId,
  templateNames,
} from '#shared/text/prompts/templates.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { TextField } from '../../components/Field.tsx';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import { checkTemplate, placesOf } from './checkTemplate.ts';
import styles from './Templates.module.css';

/** The prompt templates of the open story, each in both languages. */
export function TemplatesDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const settings = useStoryStore((state) => state.story?.settings);
  const own = useStoryStore((state) => state.story?.language ?? 'en');
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const [name, setName] = useState<TemplateName>('chat');
  const [language, setLanguage] = useState<Language>(own);
  const field = useRef<HTMLDivElement>(null);
  if (!settings) return null;

  const id = templateId(name, language);
  const text = settings.templates[id] ?? builtInTemplates[id];
  const isChanged = (one: TemplateName) =>
    Language.options.some((spoken) => settings.templates[templateId(one, spoken)] !== undefined);
  const change = (next: string) => {
    const { [id]: _before, ...others } = settings.templates;
    const templates = next === builtInTemplates[id] ? others : { ...others, [id]: next };
    dispatch([{ kind: 'story.update', patch: { settings: { ...settings, templates } } }], {
      label: t('templates.step'),
      merge: `template:${id}`,
    });
  };
  const insert = (place: Placeholder) => {
    const area = field.current?.querySelector('textarea');
    const [from, to] = area ? [area.selectionStart, area.selectionEnd] : [text.length, text.length];
    change(`${text.slice(0, from)}{${place}}${text.slice(to)}`);
    const caret = from + place.length + 2;
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(caret, caret);
    });
  };
  const { unknown, missing } = checkTemplate(text, builtInTemplates[id]);

  return (
    <AppDialog size="full" title={t('templates.title')} onClose={onClose}>
      <p className={styles.explain}>{t('templates.explain')}</p>
      <div className={styles.layout}>
        <ListBox
          aria-label={t('templates.list')}
          className={styles.list}
          items={templateNames.map((one) => ({ id: one }))}
          selectionMode="single"
          disallowEmptySelection
          escapeKeyBehavior="none"
          selectedKeys={[name]}
          onSelectionChange={(keys) => setName(([...keys][0] ?? 'chat') as TemplateName)}
          dependencies={[settings]}
        >
          {({ id: one }) => (
            <ListBoxItem id={one} textValue={t(`templates.names.${one}`)} className={styles.item}>
              <span className={styles.itemTitle}>{t(`templates.names.${one}`)}</span>
              {isChanged(one) && <span className={styles.itemFacts}>{t('templates.changed')}</span>}
            </ListBoxItem>
          )}
        </ListBox>
        <div className={styles.right} ref={field}>
          <div className={styles.head}>
            <p className={styles.use}>{t(`templates.uses.${name}`)}</p>
            <SelectField<Language>
              label={t('templates.language')}
              labelHidden
              value={language}
              onChange={setLanguage}
              options={Language.options.map((value) => ({ value, label: t(`app.languages.${value}`) }))}
            />
            <Button
              look="outline"
              isDisabled={isReadOnly || settings.templates[id] === undefined}
              onPress={() => change(builtInTemplates[id])}
            >
              {t('templates.reset')}
            </Button>
          </div>
          <TextField
            ofStory
            multiline
            rows={16}
            label={t('templates.text')}
            isReadOnly={isReadOnly}
            value={text}
            onChange={change}
          />
          {unknown.length > 0 && (
            <p className={styles.warning}>{t('templates.unknown', { names: unknown.join(', ') })}</p>
          )}
          {missing.length > 0 && (
            <p className={styles.warning}>
              {t('templates.missing', {
                names: missing.map((place) => t(`templates.places.${place}`)).join(', '),
              })}
            </p>
          )}
          {!isReadOnly && (
            <Group className={styles.places ?? ''} aria-label={t('templates.insert')}>
              {placesOf(builtInTemplates[id]).map((place) => (
                <Button small look="outline" key={place} onPress={() => insert(place)}>
                  <code>{`{${place}}`}</code> {t(`templates.places.${place}`)}
                </Button>
              ))}
            </Group>
          )}
        </div>
      </div>
    </AppDialog>
  );
}
