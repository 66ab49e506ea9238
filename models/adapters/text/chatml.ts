/** A conversation of one turn in ChatML, with the answer already begun: the model goes on with `text`. */
export const renderChat = (lead: string, text: string): string =>
  `<|im_start|>system\nYou are a helpful assistant<|im_end|>\n<|im_start|>user\n${lead}<|im_end|>\n<|im_start|>assistant\n${text}`;

/** A text for a base model: the lead, then the scene's own text, as one story. */
export const renderContinuation = (lead: string, text: string): string =>
  [lead, text].filter((part) => part !== '').join('\n\n');

/** Breaks marks that the model would obey, so that a writer's text stays text. */
export const disarm = (text: string, marks: readonly string[]): string =>
  marks.reduce((safe, mark) => safe.replaceAll(mark, `${mark.slice(0, 1)} ${mark.slice(1)}`), text);
