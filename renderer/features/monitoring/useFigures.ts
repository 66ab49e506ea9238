import { useCallback, useEffect, useState } from 'react';
import { AppError } from '#shared/errors/AppError.ts';
import type { CacheSummary } from '#shared/models/cache.ts';
import type { MetricsPoint, MetricsRange, MetricsSummary } from '#shared/models/metrics.ts';
import { client } from '../../api/client.ts';

const refreshMs = 10_000;

interface Figures {
  readonly summary: MetricsSummary;
  readonly points: readonly MetricsPoint[];
  readonly cache: CacheSummary;
}

/** The figures of a range, asked for again every ten seconds while the page is open. */
export function useFigures(range: MetricsRange) {
  const [figures, setFigures] = useState<Figures | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const ask = useCallback(async () => {
    try {
      const [summary, points, cache] = await Promise.all([
        client.monitoring.summary({ range }),
        client.monitoring.series({ range }),
        client.monitoring.cache(),
      ]);
      setFigures({ summary, points, cache });
      setError(null);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  }, [range]);
  useEffect(() => {
    void ask();
    const timer = setInterval(() => void ask(), refreshMs);
    return () => clearInterval(timer);
  }, [ask]);
  return { figures, error, ask };
}
