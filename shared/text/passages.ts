/**
 * A text in passages of at most `maxTokens`, cut at paragraphs, else at sentences, else anywhere. Joined they are the text:
 * every passage keeps the white space at its end.
 */
export function passagesOf(text: string, maxTokens: number, count: (text: string) => number): string[] {
  const passages: string[] = [];
  let passage = '';
  for (const piece of piecesWithin(text, maxTokens, count)) {
    if (passage !== '' && count(passage + piece) > maxTokens) {
      passages.push(passage);
      passage = '';
    }
    passage += piece;
  }
  if (passage !== '') passages.push(passage);
  return passages;
}

/** Paragraphs first, sentences of those that are too long, halves of those sentences. */
function* piecesWithin(text: string, maxTokens: number, count: (text: string) => number): Generator<string> {
  for (const paragraph of text.match(/[\s\S]+?(?:\n\s*\n|$)/g) ?? []) {
    if (count(paragraph) <= maxTokens) {
      yield paragraph;
      continue;
    }
    for (const sentence of paragraph.match(/[\s\S]+?(?:[.!?…]["'”’)]*\s+|[。！？]["”’」』）]*\s*|$)/g) ??
      []) {
      yield* halves(sentence, maxTokens, count);
    }
  }
}

function* halves(text: string, maxTokens: number, count: (text: string) => number): Generator<string> {
  const letters = Array.from(text);
  if (count(text) <= maxTokens || letters.length < 2) {
    yield text;
    return;
  }
  const middle = letters.length >> 1;
  yield* halves(letters.slice(0, middle).join(''), maxTokens, count);
  yield* halves(letters.slice(middle).join(''), maxTokens, count);
}
