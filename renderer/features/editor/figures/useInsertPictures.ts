import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { ImageId, type SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { tellError } from '../../../stores/notices.ts';
import { type FailedFile, takeIn, useImport } from '../../../stores/pictureImport.ts';
import { dispatch, openStory } from '../../../stores/storyStore.ts';
import type { SceneView } from '../SceneView.ts';
import { holdPlace, type Place } from '../text/places.ts';
import { planInsertion } from './planInsertion.ts';

/** Puts pictures into the text, each drop one step of undo. `taking` is how many files are on their way. */
export function useInsertPictures(sceneId: SceneId, sceneView: () => SceneView | null) {
  const { t } = useTranslation();
  const [taking, setTaking] = useState(0);

  const insert = (pictures: readonly (StoryImage | ImageId)[], place: Place) => {
    const editor = sceneView();
    editor?.flush();
    const commands = planInsertion(openStory().story, sceneId, place.at, pictures);
    const label = t('editor.steps.pictures', { count: pictures.length });
    if (editor) editor.follow(() => dispatch(commands, { label }));
    else dispatch(commands, { label });
  };

  return {
    taking,
    /** Pictures of the story, by id. */
    insertKnown(imageIds: readonly string[], at: number): void {
      const ids = imageIds.flatMap((id) => ImageId.safeParse(id).data ?? []);
      insert(ids, { at, release: () => undefined });
    },
    /** Files from outside: copied into the story, then shown where they were dropped, wherever that is by then. */
    async insertFiles(files: readonly File[], at: number): Promise<void> {
      const editor = sceneView();
      if (!editor) return;
      const place = holdPlace(editor.view, at);
      setTaking((count) => count + files.length);
      try {
        const taken: { name: string; picture: StoryImage | ImageId }[] = [];
        const failed: FailedFile[] = [];
        for await (const result of takeIn(files)) {
          if (result.outcome === 'added') taken.push({ name: result.name, picture: result.image });
          else if (result.outcome === 'known') taken.push({ name: result.name, picture: result.imageId });
          else failed.push({ name: result.name, error: AppError.fromReport(result.error) });
        }
        const order = files.map(({ name }) => name);
        const sorted = taken.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
        if (sorted.length > 0)
          insert(
            sorted.map(({ picture }) => picture),
            place,
          );
        if (failed.length > 0) useImport.setState((now) => ({ failed: [...now.failed, ...failed] }));
      } catch (thrown) {
        tellError(AppError.from(thrown));
      } finally {
        place.release();
        setTaking((count) => count - files.length);
      }
    },
  };
}
