/** Names that Windows keeps for devices, with or without an extension. */
const reservedNames = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/;

const notForNames = /[^\p{L}\p{M}\p{N}]+/gu;
const apostrophes = /['’ʼ]/gu;
const edgeDashes = /^-+|-+$/g;

/**
 * The part of a file name that a reader recognises a title by: NFC, lower case, letters (Chinese ones too), digits and
 * single dashes. At most `maxLength` code points (at most four bytes each in UTF-8), never empty (`untitled`), never a
 * name that Windows reserves, and a slug of a slug is the same slug. Different titles may share one: callers add an id.
 */
export function fileSlug(title: string, maxLength = 40): string {
  const dashed = title
    .toWellFormed()
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replace(apostrophes, '')
    .replace(notForNames, '-')
    .replace(edgeDashes, '');
  const slug = cutAtDash(Array.from(dashed), maxLength).replace(edgeDashes, '');
  if (slug === '') return 'untitled';
  return reservedNames.test(slug) ? `${slug}-file` : slug;
}

/** Cuts between words where that costs less than half of the length, else anywhere but before a combining mark. */
function cutAtDash(characters: readonly string[], maxLength: number): string {
  if (characters.length <= maxLength) return characters.join('');
  const dash = characters.lastIndexOf('-', maxLength);
  if (dash > maxLength / 2) return characters.slice(0, dash).join('');
  let end = maxLength;
  while (end > 0 && /\p{M}/u.test(characters[end] ?? '')) end -= 1;
  return characters.slice(0, end).join('');
}
