import { Minus, Plus } from 'lucide-react';
import {
  Button as AriaButton,
  NumberField as AriaNumberField,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  Group,
  Input,
  Label,
  Text,
  TextArea,
} from 'react-aria-components';
import styles from './controls.module.css';
import fieldStyles from './Field.module.css';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'children'> {
  readonly label: string;
  /** The label is read aloud but not shown. */
  readonly labelHidden?: boolean;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly multiline?: boolean;
  /** Looks like text until it is pointed at. */
  readonly quiet?: boolean;
  /** The value is part of the story: undo goes to the story's one history instead of the browser's. */
  readonly ofStory?: boolean;
  readonly rows?: number;
}

/** A line, or several, of text with its label. */
export function TextField({
  label,
  labelHidden = false,
  hint,
  placeholder,
  multiline = false,
  quiet = false,
  ofStory = false,
  rows,
  ...props
}: TextFieldProps) {
  const className = `${styles.input} ${quiet ? styles.quiet : ''}`;
  const common = {
    className,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(ofStory ? { 'data-story-field': '' } : {}),
  };
  return (
    <AriaTextField {...props} className={styles.field} {...(labelHidden ? { 'aria-label': label } : {})}>
      {!labelHidden && <Label className={styles.label}>{label}</Label>}
      {multiline ? <TextArea {...common} rows={rows ?? 2} /> : <Input {...common} />}
      {hint !== undefined && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
    </AriaTextField>
  );
}

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly minValue: number;
  readonly maxValue: number;
  readonly step: number;
  readonly formatOptions?: Intl.NumberFormatOptions;
  onChange(value: number): void;
}

/** A number with steps up and down. */
export function NumberField({ label, formatOptions, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField {...props} className={styles.field} {...(formatOptions ? { formatOptions } : {})}>
      <Label className={styles.label}>{label}</Label>
      <Group className={fieldStyles.number}>
        <AriaButton slot="decrement" className={fieldStyles.step}>
          <Minus size={14} aria-hidden />
        </AriaButton>
        <Input className={fieldStyles.numberInput} />
        <AriaButton slot="increment" className={fieldStyles.step}>
          <Plus size={14} aria-hidden />
        </AriaButton>
      </Group>
    </AriaNumberField>
  );
}
