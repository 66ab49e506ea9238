/**
 * Which turns of a conversation are told where not all fit: the last one, the first that shows a picture, and the newest of
 * the others. Returns their places in order. `fits` is asked with places in order; what must stay is returned even where
 * it does not fit.
 */
export function fitTurns(
  turns: readonly { readonly pictures: number }[],
  fits: (places: readonly number[]) => boolean,
): number[] {
  const last = turns.length - 1;
  const shown = turns.findIndex(({ pictures }) => pictures > 0);
  const must = new Set([shown, last].filter((place) => place >= 0));
  const others = turns.map((_, place) => place).filter((place) => !must.has(place));
  for (let dropped = 0; ; dropped++) {
    const kept = new Set([...must, ...others.slice(dropped)]);
    const places = turns.map((_, place) => place).filter((place) => kept.has(place));
    if (dropped >= others.length || fits(places)) return places;
  }
}
