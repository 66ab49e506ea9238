import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as plainText } from 'mdast-util-to-string';
import { describe, expect, test } from 'vitest';
import { htmlToMarkdown } from '#renderer/features/editor/text/htmlToMarkdown.ts';

describe('pasted HTML', () => {
  test.each([
    ['<p>One <b>two</b> <i>three</i>.</p><p>Four</p>', 'One **two** *three*.\n\nFour'],
    ['<h2>Title</h2><p>Text</p>', '## Title\n\nText'],
    ['<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>', '- a\n- b\n  - c'],
    ['<ol start="3"><li>a</li><li>b</li></ol>', '3. a\n4. b'],
    ['<blockquote><p>a</p><p>b</p></blockquote>', '> a\n>\n> b'],
    ['<p>a<br>b</p>', 'a\\\nb'],
    ['<a href="https://x.org/a(b)">link</a>', '[link](https://x.org/a%28b%29)'],
    ['<a href="javascript:alert(1)">link</a>', 'link'],
    ['<pre>a\n  b</pre>', '```\na\n  b\n```'],
    ['x <code>a*b</code>', 'x `a*b`'],
    ['<hr>', '---'],
    ['<span style="font-weight:700">bold</span> <span style="font-style: italic">it</span>', '**bold** *it*'],
    ['<b style="font-weight:normal"><p>Docs</p></b>', 'Docs'],
    ['<s>gone</s>', '~~gone~~'],
    ['<p>his <b>bold </b>word</p>', 'his **bold** word'],
  ])('%s', (html, markdown) => {
    expect(htmlToMarkdown(html)).toBe(markdown);
  });

  test('scripts, styles and pictures of other places are left out', () => {
    const html =
      '<style>p{}</style><p>Safe<script>steal()</script><img src="https://x.org/track.gif" onerror="steal()"></p>';
    expect(htmlToMarkdown(html)).toBe('Safe');
  });

  test.each([
    '*not bold*',
    '# no heading',
    '1. no list',
    '- no list',
    '[a](b)',
    '> no quote',
    '_x_',
    '`c`',
    '<b>',
  ])('text that looks like markup stays text: %s', (text) => {
    const element = document.createElement('p');
    element.textContent = text;
    const tree = fromMarkdown(htmlToMarkdown(element.outerHTML));
    expect(tree.children.map(({ type }) => type)).toEqual(['paragraph']);
    expect(plainText(tree)).toBe(text);
  });
});
