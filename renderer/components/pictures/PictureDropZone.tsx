import type { ReactNode } from 'react';
import { DropZone, isFileDropItem, isTextDropItem } from 'react-aria-components';
import type { PictureOwner } from '#shared/story/commands.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { attachPictures, importFiles } from '../../stores/pictureActions.ts';
import { imageDragType } from '../dragTypes.ts';
import styles from './Pictures.module.css';

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
      onDrop={({ items }) => {
        void (async () => {
          const texts = items.filter(isTextDropItem).filter((item) => item.types.has(imageDragType));
          const ids = await Promise.all(texts.map((item) => item.getText(imageDragType)));
          if (owner) attachPictures(owner, ids as ImageId[]);
          const files = await Promise.all(items.filter(isFileDropItem).map((item) => item.getFile()));
          if (files.length > 0) await importFiles(files, owner);
        })();
      }}
    >
      {children}
    </DropZone>
  );
}
