import { useEffect, useRef } from 'react';
import { useSettings } from '../../stores/settingsStore.ts';
import type { PlotWish } from './drawPlot.ts';
import styles from './Monitoring.module.css';

/** A plot with its title and its legend; what it draws is told in words too. */
export function Plot({
  title,
  spoken,
  wish,
}: {
  readonly title: string;
  readonly spoken: string;
  readonly wish: PlotWish;
}) {
  const canvas = useRef<HTMLDivElement>(null);
  const theme = useSettings((settings) => settings.theme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let isGone = false;
    let remove: (() => void) | null = null;
    void import('./drawPlot.ts').then(({ drawPlot }) => {
      if (!isGone) remove = drawPlot(element, wish);
    });
    return () => {
      isGone = true;
      remove?.();
    };
  }, [wish, theme]);
  return (
    <figure className={styles.plot}>
      <figcaption className={styles.plotTitle}>
        <span>{title}</span>
        {wish.lines.length > 1 && (
          <span className={styles.legend} aria-hidden>
            {wish.lines.map(({ label }, index) => (
              <span key={label} data-line={index}>
                {label}
              </span>
            ))}
          </span>
        )}
      </figcaption>
      <div ref={canvas} role="img" aria-label={`${title}: ${spoken}`} className={styles.canvas} />
    </figure>
  );
}
