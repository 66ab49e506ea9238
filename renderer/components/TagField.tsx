import { X } from 'lucide-react';
import { useState } from 'react';
import { Button, Label, Tag, TagGroup, TagList } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import styles from './controls.module.css';
import { TextField } from './Field.tsx';

export interface TagFieldProps {
  readonly label: string;
  readonly addLabel: string;
  readonly tags: readonly string[];
  readonly isReadOnly?: boolean;
  onChange(tags: string[]): void;
}

/** Short texts that are added with Enter or a comma and taken off one by one. */
export function TagField({ label, addLabel, tags, isReadOnly = false, onChange }: TagFieldProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState('');
  const add = () => {
    const added = draft.split(/[,，、]/).map((tag) => tag.trim());
    const fresh = added.filter(
      (tag, index) => tag !== '' && !tags.includes(tag) && added.indexOf(tag) === index,
    );
    if (fresh.length > 0) onChange([...tags, ...fresh]);
    setDraft('');
  };
  return (
    <div className={styles.field}>
      {tags.length > 0 ? (
        <TagGroup
          {...(isReadOnly ? {} : { onRemove: (keys) => onChange(tags.filter((tag) => !keys.has(tag))) })}
        >
          <Label className={styles.label}>{label}</Label>
          <TagList className={styles.tagList} items={tags.map((tag) => ({ id: tag }))}>
            {({ id }) => (
              <Tag id={id} textValue={id} className={styles.tag}>
                {id}
                {!isReadOnly && (
                  <Button slot="remove" className={styles.tagRemove} aria-label={`${t('app.remove')} ${id}`}>
                    <X size={12} aria-hidden />
                  </Button>
                )}
              </Tag>
            )}
          </TagList>
        </TagGroup>
      ) : (
        <span className={styles.label}>{label}</span>
      )}
      {!isReadOnly && (
        <TextField
          label={addLabel}
          labelHidden
          placeholder={addLabel}
          value={draft}
          onChange={setDraft}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Enter' || event.key === ',') {
              event.preventDefault();
              add();
            }
          }}
        />
      )}
    </div>
  );
}
