import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import styles from './controls.module.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly look?: 'plain' | 'solid' | 'outline' | 'danger';
  readonly small?: boolean;
  readonly children: ReactNode;
}

/** A button with words on it. */
export function Button({ look = 'plain', small = false, children, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className={`${styles.button} ${look === 'plain' ? '' : styles[look]} ${small ? styles.small : ''}`}
    >
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'aria-label'> {
  /** Read aloud, and shown on hover and focus. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly small?: boolean;
  /** Shown as chosen. */
  readonly isOn?: boolean;
}

/** A button with a picture on it; its name is a tooltip. */
export function IconButton({ label, icon, small = false, isOn = false, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      <AriaButton
        {...props}
        aria-label={label}
        {...(isOn ? { 'data-selected': true } : {})}
        className={`${styles.button} ${styles.icon} ${small ? styles.small : ''}`}
      >
        {icon}
      </AriaButton>
      <Tooltip className={styles.tooltip} offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
