import { useRef } from 'react';
import { useMove } from 'react-aria';
import styles from './Splitter.module.css';

export interface SplitterProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** The pane lies before the splitter, so moving right makes it wider. */
  readonly paneBefore: boolean;
  onChange(value: number): void;
}

const keyStep = 16;

/** The border between two panes, moved by pointer or by arrow keys (Home and End go to the limits). */
export function Splitter({ label, value, min, max, paneBefore, onChange }: SplitterProps) {
  const current = useRef(value);
  const clamp = (width: number) => Math.round(Math.min(max, Math.max(min, width)));
  const { moveProps } = useMove({
    onMoveStart: () => {
      current.current = value;
    },
    onMove: ({ deltaX, pointerType }) => {
      const step = pointerType === 'keyboard' ? Math.sign(deltaX) * keyStep : deltaX;
      current.current += paneBefore ? step : -step;
      onChange(clamp(current.current));
    },
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved; this is the separator pattern of ARIA.
    <div
      {...moveProps}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={`${styles.splitter} ${paneBefore ? styles.before : styles.after}`}
      onKeyDownCapture={(event) => {
        if (event.key === 'Home') onChange(min);
        else if (event.key === 'End') onChange(max);
      }}
    />
  );
}
