import { type Person, personHead, type Statement, type Thing } from './Statement.ts';

const numbers = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, value) => [word, value]),
);
for (const article of ['a', 'an', 'single']) numbers.set(article, 1);
for (const two of ['both', 'couple', 'pair']) numbers.set(two, 2);

const colours = new Map([
  ...['red', 'blue', 'green', 'yellow', 'white', 'black', 'purple', 'pink', 'orange', 'brown'].map(
    (word): [string, string] => [word, word],
  ),
  ['grey', 'grey'],
  ['gray', 'grey'],
  ['violet', 'purple'],
  ['gold', 'gold'],
  ['golden', 'gold'],
  ['silver', 'silver'],
]);

const adult = (gender: Person['gender']): Person => ({ gender, age: 'adult' });
const child = (gender: Person['gender']): Person => ({ gender, age: 'child' });
const people = new Map<string, Person>([
  ...['man', 'men', 'gentleman', 'gentlemen'].map((word): [string, Person] => [word, adult('male')]),
  ...['woman', 'women', 'lady', 'ladies'].map((word): [string, Person] => [word, adult('female')]),
  ...['boy', 'boys'].map((word): [string, Person] => [word, child('male')]),
  ...['girl', 'girls'].map((word): [string, Person] => [word, child('female')]),
  ...['child', 'children', 'kid', 'kids'].map((word): [string, Person] => [word, child(null)]),
  ...['person', 'people', 'persons', 'figure', 'figures', 'someone', 'somebody', 'nobody'].map(
    (word): [string, Person] => [word, { gender: null, age: null }],
  ),
]);

const denials = new Set(['no', 'not', 'without', 'never', 'nobody', 'nothing', 'none', 'neither']);
const determiners = new Set('the some several many few his her their its this that these those'.split(' '));
const joining = new Set(
  (
    'of in on at by with from into onto over under above below behind beside near next to through across around along ' +
    'between against for as and or but while is are was were be been being has have had there it they he she which who ' +
    'that where when up down out off very'
  ).split(' '),
);
const openings =
  /^(?:and|also|but|with|(?:the|this) (?:image|picture|photo|photograph|painting|scene) (?:shows|depicts|features|is of|contains|captures)|(?:in|on) (?:the|this) (?:image|picture|photo|scene),?|(?:this is )?(?:an? )?(?:image|picture|photo|photograph|painting|close ?up) of|there (?:is|are)|we (?:can )?see|it (?:shows|has))\s+/iu;

/** Words that mean the same in their forms: "dogs" and "dog", "riding" and "rides". Not a word to be shown. */
export function englishStem(word: string): string {
  const singular = word
    .replace(/['’]s?$/u, '')
    .replace(/(?<=\w{2})ies$/u, 'y')
    .replace(/(?<=ch|sh|x|z|ss)es$/u, '')
    .replace(/(?<=\w{2}[^su])s$/u, '');
  return singular
    .replace(/(?<=\w{3})(?:ing|ed)$/u, '')
    .replace(/([bdgmnprt])\1$/u, '$1')
    .replace(/(?<=\w{2})e$/u, '');
}

/** Clauses, and noun phrases that stand side by side. */
const clausesOf = (caption: string): string[] =>
  caption
    .split(
      /[.;!?:。！？；，\n]+|,\s*(?:and\s+)?|\s+(?:while|with(?!out)|where|whereas)\s+|\s+(?=without\s)|\s+and\s+(?=(?:an?|the|one|two|three|four|five|six|some|several|his|her|their|there|no)\s)/iu,
    )
    .map((clause) => {
      let text = clause.trim();
      for (let before = ''; before !== text; ) {
        before = text;
        text = text.replace(openings, '').trim();
      }
      return text;
    })
    .filter((clause) => /\p{L}{2}/u.test(clause));

const isPlural = (word: string): boolean =>
  /[^su]s$/u.test(word) || /^(?:men|women|people|children)$/u.test(word);
const isVerb = (word: string): boolean => /(?:ing|ed)$/u.test(word) && word.length > 5;

/** Where a phrase has its noun: a person, else the first plural where there are several, else the last before a verb. */
function nounOf(words: readonly string[], count: number | null): number {
  const person = words.findIndex((word) => people.has(word));
  if (person >= 0) return person;
  const plural = words.findIndex((word, index) => isPlural(word) && (count !== 1 || index > 0));
  if (plural < 0) return words.length - 1;
  return count === 1 ? plural - 1 : plural;
}

/** What stands in one clause, phrase by phrase. */
function thingsOf(words: readonly string[]): Thing[] {
  const things: Thing[] = [];
  let count: number | null = null;
  let found: string[] = [];
  let phrase: string[] = [];
  let own: string[] = [];
  let named = '';
  const end = () => {
    const noun = nounOf(phrase, count);
    const head = phrase[noun];
    const previous = things.at(-1);
    if (head !== undefined) {
      const person = people.get(head) ?? null;
      const last = Math.max(own.lastIndexOf(head), own.lastIndexOf(named));
      const text = own.slice(0, last + 1).join(' ');
      things.push({ text, head: person ? personHead : englishStem(head), count, colours: found, person });
    } else if (found.length > 0 && previous?.colours.length === 0) {
      // "The ball is red".
      things[things.length - 1] = { ...previous, colours: found };
    }
    [count, found, phrase, own, named] = [null, [], [], [], ''];
  };
  for (const word of words) {
    const number = numbers.get(word) ?? (/^\d{1,4}$/u.test(word) ? Number(word) : undefined);
    const colour = colours.get(word);
    if (word === 'of' && phrase.length === 0 && own.length > 0) {
      own.push(word);
      continue;
    }
    if (number !== undefined) {
      if (phrase.length > 0) end();
      count = number;
      own = [word];
    } else if (/^(?:group|crowd|bunch|lot|number|herd|flock|few)$/u.test(word) && phrase.length === 0)
      [count, own] = [null, [...own, word]];
    else if (colour !== undefined) {
      found = [...found, colour];
      own.push(word);
      named = word;
    } else if (determiners.has(word) || joining.has(word) || denials.has(word) || isVerb(word)) end();
    else {
      phrase.push(word);
      own.push(word);
    }
  }
  end();
  return things;
}

/** What a word tells of the topic; `null` for numbers, colours, denials and small words. */
function termOf(word: string): string | null {
  if (people.has(word)) return personHead;
  const isSmall = [numbers, colours, denials, determiners, joining].some((words) => words.has(word));
  return isSmall || /^\d/u.test(word) ? null : englishStem(word);
}

/** "No people on the beach" denies the people, not the beach. */
const maxDenied = 2;

/** The statements of an English caption. */
export const englishStatements = (caption: string): Statement[] =>
  clausesOf(caption).map((text) => {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}]+)*/gu) ?? [];
    const [topic, denied] = [new Set<string>(), new Set<string>()];
    let denying = false;
    for (const word of words) {
      const term = termOf(word);
      if (term !== null) topic.add(term);
      if (term !== null && denying) denied.add(term);
      denying = denials.has(word) || (denying && !joining.has(word) && denied.size < maxDenied);
      if (word === 'nobody') denied.add(personHead);
    }
    return { text, topic, things: thingsOf(words), denied };
  });
