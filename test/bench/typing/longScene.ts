const sentences = {
  en: [
    'The lamp went out before the *second* bell, and nobody spoke of it until morning.',
    'She counted the steps, lost count at forty, and began **again** from the bottom.',
    'There was salt on the window and the sound of a rope against a mast.',
    '“You are early,” he said, as if it were the worst thing one could be.',
    'The [old map](https://example.org/map) showed a river that had moved since.',
  ],
  zh: [
    '第二声钟响之前，灯就灭了，直到天亮也没有人提起。',
    '她数着台阶，数到四十就乱了，只好**从头**再来。',
    '窗上有盐，远处传来绳索敲打桅杆的声音。',
    '“你来早了。”他说，仿佛那是世上最糟的事。',
    '旧地图上的那条河，如今已经*改道*。',
  ],
};

/** A scene of about `words` words (Han characters for Chinese) with headings, a list, a quotation and pictures. */
export function longScene(options: {
  words: number;
  language: 'en' | 'zh';
  pictures: readonly string[];
}): string {
  const { words, language, pictures } = options;
  const lines = sentences[language];
  const perParagraph = language === 'en' ? 75 : 110;
  const paragraphs = Math.ceil(words / perParagraph);
  const blocks: string[] = [];
  for (let number = 0; number < paragraphs; number++) {
    if (number % 20 === 0) blocks.push(`## Part ${number / 20 + 1}`);
    blocks.push(
      Array.from({ length: 5 }, (_none, index) => lines[(number + index) % 5]).join(
        language === 'en' ? ' ' : '',
      ),
    );
    if (number % 25 === 7) blocks.push('> A letter, folded twice.\n> It was not signed.');
    if (number % 25 === 12) blocks.push('- a knife\n- a candle\n- *three* coins');
    const picture = number % 11 === 5 ? pictures[Math.floor(number / 11) % pictures.length] : undefined;
    if (picture) blocks.push(`![A view of the harbour](../images/${picture} "The harbour at dusk")`);
  }
  return `${blocks.join('\n\n')}\n`;
}
