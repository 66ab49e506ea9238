import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** An offset that moves with the text, for work that ends later: an upload, say. */
export interface Place {
  readonly at: number;
  release(): void;
}

class Places implements PluginValue {
  readonly #places = new Set<{ at: number }>();

  update(update: ViewUpdate): void {
    if (!update.docChanged) return;
    for (const place of this.#places) place.at = update.changes.mapPos(place.at, 1);
  }

  hold(at: number): Place {
    const place = { at };
    this.#places.add(place);
    return {
      get at() {
        return place.at;
      },
      release: () => this.#places.delete(place),
    };
  }
}

export const places = ViewPlugin.fromClass(Places);

/** Holds on to an offset of the editor's text until released. */
export function holdPlace(view: EditorView, at: number): Place {
  return view.plugin(places)?.hold(at) ?? { at, release: () => undefined };
}
