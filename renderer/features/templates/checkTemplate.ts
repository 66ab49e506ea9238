import { type Placeholder, placeholders } from '#shared/text/prompts/templates.ts';

const namesIn = (text: string): string[] => [
  ...new Set(Array.from(text.matchAll(/\{([a-zA-Z]+)\}/g), ([, name = '']) => name)),
];
const isPlace = (name: string): name is Placeholder => placeholders.some((place) => place === name);

/** The places that a template names, in its order, each once. */
export const placesOf = (text: string): Placeholder[] => namesIn(text).filter(isPlace);

/** What a writer should know of a changed template: words that nothing fills in, and places of the built-in one that it lacks. */
export function checkTemplate(
  text: string,
  builtIn: string,
): { readonly unknown: readonly string[]; readonly missing: readonly Placeholder[] } {
  const told = new Set(namesIn(text));
  return {
    unknown: [...told].filter((name) => !isPlace(name)).map((name) => `{${name}}`),
    missing: placesOf(builtIn).filter((place) => !told.has(place)),
  };
}
