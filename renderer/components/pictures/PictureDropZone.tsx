import type { ReactNode } from 'react';
import { DropZone } from 'react-aria-components';
import type { PictureOwner } from '#shared/story/commands.ts';
import { imageDragType } from '../dragTypes.ts';
import styles from './Pictures.module.css';
import { takeDrop } from './takeDrop.ts';

export interface PictureDropZoneProps {
  /** Whose gallery takes what is dropped; `null` for the library alone. */
  readonly owner: PictureOwner | null;
  /** What dropping here does. */
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** Takes pictures dragged from the desktop or the library, and pasted ones while it has the focus. */
export function PictureDropZone({
  owner,
  label,
  isDisabled = false,
  fill = false,
  children,
}: PictureDropZoneProps) {
  return (
    <DropZone
      aria-label={label}
      isDisabled={isDisabled}
      className={`${styles.drop} ${fill ? styles.dropFill : ''}`}
      getDropOperation={(types, allowed) =>
        types.has(imageDragType) && !owner
          ? 'cancel'
          : allowed.includes('copy')
            ? 'copy'
            : (allowed[0] ?? 'cancel')
      }
      onDrop={({ items }) => takeDrop(items, owner)}
    >
      {children}
    </DropZone>
  );
}
