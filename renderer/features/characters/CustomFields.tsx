import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CharacterField } from '#shared/story/character.ts';
import { IconButton } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import styles from './Characters.module.css';

export interface CustomFieldsProps {
  readonly fields: readonly CharacterField[];
  readonly isReadOnly: boolean;
  onChange(fields: CharacterField[]): void;
}

/** Lines of the sheet that the writer named. */
export function CustomFields({ fields, isReadOnly, onChange }: CustomFieldsProps) {
  const { t } = useTranslation();
  const set = (index: number, patch: Partial<CharacterField>) =>
    onChange(fields.map((field, at) => (at === index ? { ...field, ...patch } : field)));
  return (
    <ul className={styles.fields}>
      {fields.map((field, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place; its name may be empty or repeated.
        <li key={index} className={styles.field}>
          <TextField
            label={t('character.fieldName', { n: index + 1 })}
            labelHidden
            ofStory
            isReadOnly={isReadOnly}
            value={field.name}
            onChange={(name) => set(index, { name })}
          />
          <TextField
            label={t('character.fieldValue', { n: index + 1 })}
            labelHidden
            ofStory
            isReadOnly={isReadOnly}
            value={field.value}
            onChange={(value) => set(index, { value })}
          />
          {!isReadOnly && (
            <IconButton
              small
              label={t('character.removeField', { name: field.name })}
              icon={<X size={14} aria-hidden />}
              onPress={() => onChange(fields.filter((_, at) => at !== index))}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
