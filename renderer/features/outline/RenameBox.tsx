import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '#shared/story/ids.ts';
import { renameOutlineNode } from '../../stores/outlineActions.ts';
import styles from './Outline.module.css';

export interface RenameBoxProps {
  readonly host: RefObject<HTMLElement | null>;
  readonly id: NodeId;
  readonly title: string;
  onDone(): void;
}

/** A line to type a new name, laid over the row; it stands beside the tree, whose keys would otherwise be in the way. */
export function RenameBox({ host, id, title, onDone }: RenameBoxProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  const [name, setName] = useState(title);
  const [top, setTop] = useState<number | null>(null);

  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      const row = host.current?.querySelector(`[data-key="${id}"]`);
      const hostTop = host.current?.getBoundingClientRect().top ?? 0;
      setTop(row ? row.getBoundingClientRect().top - hostTop : 0);
    });
    return () => cancelAnimationFrame(frame);
  }, [host, id]);

  useEffect(() => {
    if (top !== null) input.current?.select();
  }, [top]);

  const finish = (keep: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    if (keep) renameOutlineNode(id, name.trim());
    onDone();
    host.current?.querySelector<HTMLElement>(`[data-key="${id}"]`)?.focus();
  };

  if (top === null) return null;
  return (
    <input
      ref={input}
      className={styles.rename}
      style={{ top }}
      value={name}
      aria-label={t('outline.newName', { title: title || t('app.untitled') })}
      onChange={(event) => setName(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDownCapture={(event) => {
        if (event.nativeEvent.isComposing) return;
        event.stopPropagation();
        if (event.key === 'Enter') finish(true);
        else if (event.key === 'Escape') finish(false);
      }}
    />
  );
}
