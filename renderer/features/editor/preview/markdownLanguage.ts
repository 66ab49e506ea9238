import { commonmarkLanguage, markdown } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import { Strikethrough } from '@lezer/markdown';

const styles = HighlightStyle.define([
  { tag: tags.heading, class: 'sl-heading' },
  { tag: tags.strong, class: 'sl-strong' },
  { tag: tags.emphasis, class: 'sl-emphasis' },
  { tag: tags.strikethrough, class: 'sl-strike' },
  { tag: tags.link, class: 'sl-link' },
  { tag: tags.url, class: 'sl-url' },
  { tag: tags.monospace, class: 'sl-code' },
  { tag: tags.quote, class: 'sl-quote' },
  { tag: tags.comment, class: 'sl-comment' },
  { tag: tags.processingInstruction, class: 'sl-mark' },
  { tag: tags.contentSeparator, class: 'sl-mark' },
]);

/** CommonMark with strikethrough, parsed as it is typed; classes for `styles/editor.css`. */
export const markdownLanguage: Extension = [
  markdown({
    base: commonmarkLanguage,
    extensions: [Strikethrough],
    addKeymap: false,
    completeHTMLTags: false,
    pasteURLAsLink: false,
  }),
  syntaxHighlighting(styles),
];
