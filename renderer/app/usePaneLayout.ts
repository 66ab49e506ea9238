import { useState } from 'react';
import { z } from 'zod';

const PaneLayout = z.object({
  left: z.number(),
  right: z.number(),
  showLeft: z.boolean(),
  showRight: z.boolean(),
});
/** Widths of the side panes in pixels, and whether they are shown. */
export type PaneLayout = z.infer<typeof PaneLayout>;

const storageKey = 'storyloom.panes';
const initial: PaneLayout = { left: 292, right: 340, showLeft: true, showRight: true };

function stored(): PaneLayout {
  try {
    return PaneLayout.parse(JSON.parse(localStorage.getItem(storageKey) ?? 'null'));
  } catch {
    return initial;
  }
}

/** The layout of the desk, remembered on this machine. */
export function usePaneLayout(): { layout: PaneLayout; change(patch: Partial<PaneLayout>): void } {
  const [layout, setLayout] = useState(stored);
  const change = (patch: Partial<PaneLayout>) =>
    setLayout((now) => {
      const next = { ...now, ...patch };
      localStorage.setItem(storageKey, JSON.stringify(next));
      return next;
    });
  return { layout, change };
}
