const refusedElements = new Set(
  (
    'applet base button embed fieldset form frame frameset iframe input link listing math meta noembed noframes ' +
    'noscript object param plaintext portal script select style svg template textarea title xmp'
  ).split(' '),
);
const addressAttributes = new Set(['href', 'src', 'cite', 'poster', 'longdesc']);
const refusedAttribute =
  /^(?:on.*|style|srcdoc|srcset|action|formaction|ping|background|data|xmlns.*|.*:.*|is|nonce|http-equiv)$/;

/** Whether a book may link there: web and mail addresses, anchors, and paths relative to the page. */
export function isSafeAddress(address: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip these inside a scheme
  const scheme = /^([^/?#]*?):/.exec(address.replace(/[\u0000-\u0020\u007f-\u00a0]/g, ''))?.[1];
  if (scheme === undefined) return !/^[\\/]{2}/.test(address.trim());
  return /^(?:https?|mailto)$/i.test(scheme);
}

const escapeText = (text: string): string => text.replaceAll('<', '&lt;');
const escapeValue = (value: string): string =>
  value.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const decodeEntities = (value: string): string =>
  value
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_match, digits: string) => fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/&#([0-9]{1,7});?/g, (_match, digits: string) => fromCodePoint(Number.parseInt(digits, 10)))
    .replace(/&(?:colon|Tab|NewLine|sol|lpar|rpar);/gi, (name) => namedMarks[name.toLowerCase()] ?? name);
const namedMarks: Readonly<Record<string, string>> = {
  '&colon;': ':',
  '&tab;': '\t',
  '&newline;': '\n',
  '&sol;': '/',
  '&lpar;': '(',
  '&rpar;': ')',
};
const fromCodePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD');

const tagPattern =
  /^<(\/?)([A-Za-z][A-Za-z0-9:-]*)((?:[\s/]+(?:[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)?)*)\s*(\/?)>/;
const attributePattern = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/**
 * Raw HTML of a text, fit for a published page: markup that can run, load or submit something is shown as text or left
 * out, comments (the writer's own notes) are left out, everything else stays. Addresses go through `rewrite`; `null`
 * drops the attribute.
 */
export function safeHtml(html: string, rewrite: (address: string) => string | null): string {
  let result = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) return result + html.slice(at);
    result += html.slice(at, open);
    const rest = html.slice(open);
    const comment = /^<!--(?:-?>|[\s\S]*?-->)/.exec(rest);
    const tag = comment ? null : tagPattern.exec(rest);
    if (comment) at = open + comment[0].length;
    else if (tag) {
      result += safeTag(tag, rewrite);
      at = open + tag[0].length;
    } else {
      result += '&lt;';
      at = open + 1;
    }
  }
  return result;
}

function safeTag(tag: RegExpExecArray, rewrite: (address: string) => string | null): string {
  const [whole, closing = '', name = '', attributes = '', selfClosing = ''] = tag;
  const element = name.toLowerCase();
  if (refusedElements.has(element) || element.includes(':')) return escapeText(whole);
  if (closing) return `</${element}>`;
  const kept = Array.from(attributes.matchAll(attributePattern)).flatMap((match) => {
    const attribute = (match[1] ?? '').toLowerCase();
    const value = match[2] ?? match[3] ?? match[4];
    if (refusedAttribute.test(attribute)) return [];
    if (value === undefined) return [attribute];
    if (!addressAttributes.has(attribute)) return [`${attribute}="${escapeValue(value)}"`];
    const address = decodeEntities(value);
    const rewritten = isSafeAddress(address) ? rewrite(address) : null;
    return rewritten === null ? [] : [`${attribute}="${escapeValue(rewritten.replaceAll('&', '&amp;'))}"`];
  });
  return `<${[element, ...kept].join(' ')}${selfClosing ? ' /' : ''}>`;
}
