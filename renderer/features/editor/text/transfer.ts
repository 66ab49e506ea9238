import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { imageDragType } from '../../../components/dragTypes.ts';
import { htmlToMarkdown } from './htmlToMarkdown.ts';

/** Where the component library puts the items of a drag when there are several. */
const severalItemsType = 'application/vnd.react-aria.items+json';

function draggedPictures(data: DataTransfer | null): string[] {
  const several = data?.getData(severalItemsType);
  if (several) {
    try {
      const items = JSON.parse(several) as Record<string, string>[];
      const ids = items.flatMap((item) => item[imageDragType] ?? []);
      if (ids.length > 0) return ids;
    } catch {
      return [];
    }
  }
  return data?.getData(imageDragType).split('\n').filter(Boolean) ?? [];
}

/** What the writer brings into the text from outside. */
export interface Transfer {
  takeFiles(files: readonly File[], at: number): void;
  takePictures(imageIds: readonly string[], at: number): void;
}

const pictureFiles = (data: DataTransfer | null): File[] =>
  Array.from(data?.files ?? []).filter(
    ({ type, name }) => type.startsWith('image/') || /\.(jpe?g|png|webp|gif|avif)$/i.test(name),
  );

const isRich = (html: string): boolean =>
  /<(?:p|h[1-6]|ul|ol|blockquote|b|strong|i|em|a|s|del|pre|code|br|div|span)\b/i.test(html);

function insert(view: EditorView, text: string, event: string): void {
  view.dispatch(view.state.replaceSelection(view.state.toText(text.replace(/\r\n?/g, '\n'))), {
    userEvent: event,
    scrollIntoView: true,
  });
}

/** Paste and drop: picture files and pictures of the story go in as figures, HTML as CommonMark, plain text as it is. */
export function transfer({ takeFiles, takePictures }: Transfer): Extension {
  return [
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
    EditorView.domEventHandlers({
      paste(event, view) {
        if (view.state.readOnly) return false;
        const data = event.clipboardData;
        const html = data?.getData('text/html') ?? '';
        const plain = data?.getData('text/plain') ?? '';
        const files = pictureFiles(data);
        if (files.length > 0 && plain === '') {
          takeFiles(files, view.state.selection.main.to);
          return true;
        }
        if (!isRich(html) || /<meta[^>]+storyloom/i.test(html)) return false;
        const markdown = htmlToMarkdown(html);
        if (markdown === '') return false;
        insert(view, markdown, 'input.paste');
        return true;
      },
      dragover(event) {
        const types = event.dataTransfer?.types ?? [];
        if (!types.includes('Files') && !types.includes(imageDragType)) return false;
        event.preventDefault();
        return false;
      },
      drop(event, view) {
        const files = pictureFiles(event.dataTransfer);
        const pictures = draggedPictures(event.dataTransfer);
        const others = (event.dataTransfer?.files.length ?? 0) > 0;
        if (files.length === 0 && pictures.length === 0 && !others) return false;
        event.preventDefault();
        if (view.state.readOnly) return true;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
        if (pictures.length > 0) takePictures(pictures, at);
        else if (files.length > 0) takeFiles(files, at);
        return true;
      },
    }),
  ];
}
