import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button,
  CheckboxButton,
  CheckboxField,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';
import styles from './controls.module.css';

interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Drawn before the label, for instance a status colour. */
  readonly mark?: ReactNode;
}

export interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly small?: boolean;
  readonly isDisabled?: boolean;
  onChange(value: Value): void;
}

/** One of a few values. */
export function SelectField<Value extends string>({
  label,
  labelHidden = false,
  value,
  options,
  small = false,
  isDisabled = false,
  onChange,
}: SelectFieldProps<Value>) {
  return (
    <Select
      className={styles.field}
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => onChange(key as Value)}
      {...(labelHidden ? { 'aria-label': label } : {})}
    >
      {!labelHidden && <Label className={styles.label}>{label}</Label>}
      <Button className={`${styles.select} ${small ? styles.selectSmall : ''}`}>
        <SelectValue className={styles.selectValue} />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={styles.popover} offset={4}>
        <ListBox className={styles.list} items={options.map((option) => ({ ...option, id: option.value }))}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={styles.item}>
              {option.mark}
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

export interface CheckboxProps {
  readonly isSelected: boolean;
  readonly isIndeterminate?: boolean;
  readonly isDisabled?: boolean;
  readonly label?: string;
  readonly children?: ReactNode;
  onChange(isSelected: boolean): void;
}

/** Yes or no. Give `children` for a visible label, or `label` for one that is only read aloud. */
export function Checkbox({ label, children, ...props }: CheckboxProps) {
  return (
    // oxlint-disable-next-line typescript/no-deprecated -- its successor is two components, and this is one control
    <CheckboxField {...props} {...(label === undefined ? {} : { 'aria-label': label })}>
      <CheckboxButton className={styles.check}>
        <span className={styles.box}>
          <Check size={14} strokeWidth={3} aria-hidden visibility={props.isSelected ? 'visible' : 'hidden'} />
        </span>
        {children}
      </CheckboxButton>
    </CheckboxField>
  );
}
