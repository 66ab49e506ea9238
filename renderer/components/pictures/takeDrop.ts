import { type DropItem, isFileDropItem, isTextDropItem } from 'react-aria-components';
import { AppError } from '#shared/errors/AppError.ts';
import type { PictureOwner } from '#shared/story/commands.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { tellError } from '../../stores/notices.ts';
import { attachPictures, importFiles } from '../../stores/pictureActions.ts';
import { imageDragType } from '../dragTypes.ts';

async function take(items: readonly DropItem[], owner: PictureOwner | null): Promise<void> {
  const texts = items.filter(isTextDropItem).filter((item) => item.types.has(imageDragType));
  const ids = await Promise.all(texts.map((item) => item.getText(imageDragType)));
  if (owner) attachPictures(owner, ids as ImageId[]);
  const files = await Promise.all(items.filter(isFileDropItem).map((item) => item.getFile()));
  if (files.length > 0) await importFiles(files, owner);
}

/** Takes what was dropped: pictures of the library by their id, files by their bytes. Without an owner, for the library alone. */
export function takeDrop(items: readonly DropItem[], owner: PictureOwner | null): void {
  take(items, owner).catch((thrown: unknown) => tellError(AppError.from(thrown)));
}
