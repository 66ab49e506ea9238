import { expect, test } from 'vitest';
import { parseLink } from '#electron/services/studio/app/createAppService.ts';

test.each(['https://example.org/a?b#c', 'mailto:somebody@example.org'])(
  '%s may leave the application',
  (url) => {
    expect(parseLink(url).href).toBe(url);
  },
);

test.each([
  'http://example.org',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'smb://server/share',
  'ms-word:ofe|u|https://example.org',
  'app://studio/',
  '\\\\server\\share',
  'https://user:password@example.org',
  'https://',
  '/relative',
  '',
  `https://example.org/${'x'.repeat(3_000)}`,
])('%s may not', (url) => {
  expect(() => parseLink(url)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
});
