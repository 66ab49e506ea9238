import { StyleModule } from 'style-mod';

/**
 * Lets CodeMirror bring its styles in as adopted style sheets, as it does in a shadow root. In a document it would add
 * a `<style>` element, which the content security policy refuses. Call before the first editor is made.
 */
export function adoptEditorStyles(): void {
  const shadow = document.createElement('div').attachShadow({ mode: 'open' });
  if (!('adoptedStyleSheets' in shadow)) return;
  StyleModule.mount(shadow, new StyleModule({}));
  for (const key of Object.getOwnPropertySymbols(shadow)) {
    if (!Object.getOwnPropertySymbols(document).includes(key)) {
      Object.defineProperty(document, key, { value: Reflect.get(shadow, key) });
    }
  }
}
