const units = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const small = units.slice(1).join('|');

/** Source of a pattern for an English number up to 999, in digits or in words. */
export const englishNumber = `(?:\\d{1,3}|(?:${tens.slice(2).join('|')})(?:[- ](?:${units.slice(1, 10).join('|')}))?|${small})`;
/** Source of a pattern for a Chinese number up to 99, in digits or in characters. */
export const chineseNumber =
  '(?:\\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])';

const hanDigits = '零一二三四五六七八九';

/** What a number in digits, English words or Chinese characters comes to; `null` where it is none. */
export function parseNumber(words: string): number | null {
  const text = words.trim().toLowerCase();
  if (/^\d+$/.test(text)) return Number(text);
  const single = units.indexOf(text);
  if (single >= 0) return single;
  const [ten = '', unit = ''] = text.split(/[- ]/);
  const tenAt = tens.indexOf(ten, 2);
  if (tenAt >= 2) return tenAt * 10 + Math.max(0, unit === '' ? 0 : units.indexOf(unit));
  if (text === '两') return 2;
  const han = /^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(text);
  if (!han || text === '') return null;
  const digit = (character: string | undefined) => (character ? hanDigits.indexOf(character) : 0);
  return han[2] ? (han[1] ? digit(han[1]) : 1) * 10 + digit(han[3]) : digit(han[1] ?? han[3]);
}

/** A number written the way `like` is written: digits, English words or Chinese characters. */
export function writeNumber(value: number, like: string): string {
  if (/^\d+$/.test(like.trim()) || value < 0 || value > 99) return String(value);
  const ten = Math.floor(value / 10);
  const unit = value % 10;
  if (/[一-鿿]/.test(like)) {
    if (value < 10) return hanDigits.charAt(value);
    return `${ten > 1 ? hanDigits.charAt(ten) : ''}十${unit > 0 ? hanDigits.charAt(unit) : ''}`;
  }
  if (value < 20) return units[value] ?? String(value);
  return `${tens[ten] ?? ''}${unit > 0 ? `-${units[unit] ?? ''}` : ''}`;
}
