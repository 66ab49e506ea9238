/** A person as far as a caption tells; `null` where it does not. */
export interface Person {
  readonly gender: 'female' | 'male' | null;
  readonly age: 'adult' | 'child' | null;
}

/** Something that a statement speaks of. */
export interface Thing {
  /** Its own words in the caption: "two red balls". */
  readonly text: string;
  /** Its word, comparable; `person` for all people. */
  readonly head: string;
  /** How many; `null` where it is not said. */
  readonly count: number | null;
  readonly colours: readonly string[];
  readonly person: Person | null;
}

/** One thing that a caption says: a clause or a noun phrase. */
export interface Statement {
  readonly text: string;
  /** What it is about, in comparable words, without what models disagree about: numbers, colours, sexes, denials. */
  readonly topic: ReadonlySet<string>;
  readonly things: readonly Thing[];
  /** What it says is not there or not so, in comparable words. */
  readonly denied: ReadonlySet<string>;
}

/** The head of every person. */
export const personHead = 'person';
