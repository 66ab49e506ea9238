import { Square, WandSparkles } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Disclosure, DisclosurePanel, Heading, Button as TextButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { NumberField, TextField } from '../../components/Field.tsx';
import { openDialog } from '../../stores/appStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { stopWriting, suggest } from '../../stores/suggestionRun.ts';
import {
  changeChoices,
  draftPurposes,
  isRunning,
  shownDraft,
  useSuggestions,
} from '../../stores/suggestionStore.ts';
import { isInstalled, orderWriters, writersFor, writes } from './writers.ts';

const automatic = 'auto';

function useModelOptions(writers: readonly ModelEntry[], language: Language) {
  const { t, i18n } = useTranslation();
  const own = i18n.language === 'zh' ? 'zh' : 'en';
  const name = (entry: ModelEntry) => {
    const notes = [
      ...(isInstalled(entry) ? [] : [t('suggestion.modelAbsent')]),
      ...(writes(entry, language)
        ? []
        : [t('suggestion.modelLanguage', { language: t(`app.languages.${language}`) })]),
    ];
    return notes.length === 0
      ? entry.manifest.name[own]
      : `${entry.manifest.name[own]} (${notes.join(', ')})`;
  };
  return [
    { value: automatic, label: t('suggestion.modelAuto') },
    ...orderWriters(writers, language).map((entry) => ({
      value: entry.manifest.id as string,
      label: name(entry),
    })),
  ];
}

export interface WriteFormProps {
  readonly sceneId: SceneId;
  readonly writers: readonly ModelEntry[];
}

/** What to ask for, of which model, and how. */
export function WriteForm({ sceneId, writers: all }: WriteFormProps) {
  const { t, i18n } = useTranslation();
  const choices = useSuggestions((state) => state.choices);
  const draft = useSuggestions((state) => shownDraft(state, sceneId));
  const told = useStoryStore((state) => state.story?.scenes[sceneId]?.lang ?? 'en');
  const isTranslated = choices.purpose === 'translation';
  const language = isTranslated ? (told === 'en' ? 'zh' : 'en') : told;
  const writers = writersFor(all, choices.purpose);
  const options = useModelOptions(writers, language);
  const running = draft !== null && isRunning(draft);
  const chosen = writers.find(({ manifest }) => manifest.id === choices.modelId);
  const answering = chosen ?? orderWriters(writers, language).find((entry) => isInstalled(entry));
  const anySpeaks = writers.some((entry) => isInstalled(entry) && writes(entry, language));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      suggest(sceneId);
    } else if (event.key === 'Escape' && stopWriting(sceneId)) event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside.
    <div className="sl-assistant-form" onKeyDown={onKeyDown}>
      <SelectField
        label={t('suggestion.purpose')}
        value={choices.purpose}
        options={draftPurposes.map((value) => ({ value, label: t(`suggestion.purposes.${value}`) }))}
        onChange={(purpose) => changeChoices({ purpose })}
      />
      {choices.purpose !== 'write' && (
        <p className="sl-quiet">{t(`suggestion.purposeHints.${choices.purpose}`)}</p>
      )}
      <TextField
        label={t('suggestion.instruction')}
        placeholder={t(`suggestion.instructionHints.${choices.purpose}`)}
        multiline
        rows={2}
        value={choices.instruction}
        onChange={(instruction) => changeChoices({ instruction })}
      />
      <SelectField
        label={t('suggestion.model')}
        value={choices.modelId ?? automatic}
        options={options}
        onChange={(value) => changeChoices({ modelId: value === automatic ? null : (value as ModelId) })}
      />
      {answering && (
        <p className="sl-advice">{answering.manifest.advice[i18n.language === 'zh' ? 'zh' : 'en']}</p>
      )}
      <div>
        <TextButton className="sl-inspect" onPress={() => openDialog('preferences')}>
          {t('preferences.open')}
        </TextButton>
      </div>
      {!anySpeaks && (
        <p className="sl-advice">
          {t(choices.purpose === 'write' ? 'suggestion.noModelLanguage' : 'suggestion.noModelPurpose', {
            language: t(`app.languages.${language}`),
          })}{' '}
          <TextButton className="sl-inspect" onPress={() => openDialog('models')}>
            {t('suggestion.openModels')}
          </TextButton>
        </p>
      )}
      <Disclosure className="sl-options">
        <Heading level={2}>
          <TextButton slot="trigger">{t('suggestion.options')}</TextButton>
        </Heading>
        <DisclosurePanel>
          <div className="sl-options-body">
            <NumberField
              label={t('suggestion.length')}
              value={choices.maxTokens}
              minValue={8}
              maxValue={1024}
              step={8}
              onChange={(maxTokens) => Number.isFinite(maxTokens) && changeChoices({ maxTokens })}
            />
            <NumberField
              label={t('suggestion.temperature')}
              value={choices.temperature}
              minValue={0}
              maxValue={2}
              step={0.1}
              onChange={(temperature) => Number.isFinite(temperature) && changeChoices({ temperature })}
            />
            <p className="sl-quiet">{t('suggestion.temperatureHint')}</p>
            <TextField
              label={t('suggestion.seed')}
              hint={t('suggestion.seedHint')}
              inputMode="numeric"
              value={choices.seed === null ? '' : String(choices.seed)}
              onChange={(value) => {
                const digits = value.replace(/\D/g, '').slice(0, 10);
                changeChoices({ seed: digits === '' ? null : Number(digits) });
              }}
            />
          </div>
        </DisclosurePanel>
      </Disclosure>
      <div className="sl-assistant-row">
        {running ? (
          <Button look="outline" onPress={() => stopWriting(sceneId)}>
            <Square size={14} aria-hidden />
            {t('suggestion.stop')}
          </Button>
        ) : (
          <Button look="solid" onPress={() => suggest(sceneId)}>
            <WandSparkles size={16} aria-hidden />
            {t(`suggestion.begin.${choices.purpose}`)}
          </Button>
        )}
      </div>
    </div>
  );
}
