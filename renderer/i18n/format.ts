import { useTranslation } from 'react-i18next';

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 minutes ago" in the given language; `now` under a minute. */
function relativeTime(iso: string, locale: string, nowMs = Date.now()): string {
  const seconds = (new Date(iso).getTime() - nowMs) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? format.format(Math.round(seconds / unit[1]), unit[0]) : format.format(0, 'second');
}

/** Bytes in the largest fitting unit of 1000, with at most one digit behind the point. */
function splitBytes(bytes: number): { n: number; unit: 'B' | 'KB' | 'MB' | 'GB' } {
  const names = ['B', 'KB', 'MB', 'GB'] as const;
  const step = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const n = bytes / 1000 ** step;
  return { n: Math.round(n * (n < 10 ? 10 : 1)) / (n < 10 ? 10 : 1), unit: names[step] ?? 'B' };
}

/** Bytes of memory in the binary gigabytes and megabytes that memory is sold in. */
const splitMemory = (bytes: number): { n: number; unit: 'MB' | 'GB' } =>
  bytes >= 2 ** 30
    ? { n: Math.round((bytes / 2 ** 30) * 10) / 10, unit: 'GB' }
    : { n: Math.round(bytes / 2 ** 20), unit: 'MB' };

/** A rough time in the largest fitting unit: "40 seconds", "3 minutes", "2 hours". */
function roughTime(seconds: number, locale: string): string {
  const [unit, length] =
    seconds < 90
      ? (['second', 1] as const)
      : seconds < 5400
        ? (['minute', 60] as const)
        : (['hour', 3600] as const);
  const count = Math.max(1, Math.round(seconds / length));
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** Formatters for the language of the interface. */
export function useFormat() {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  return {
    ago: (iso: string) => relativeTime(iso, locale),
    dateTime: (iso: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
    time: (iso: string) => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso)),
    bytes: (bytes: number) => {
      const { n, unit } = splitBytes(bytes);
      return t(`app.bytes.${unit}`, { n: new Intl.NumberFormat(locale).format(n) });
    },
    memory: (bytes: number) => {
      const { n, unit } = splitMemory(bytes);
      return t(`app.bytes.${unit}`, { n: new Intl.NumberFormat(locale).format(n) });
    },
    /** Words in a row, separated as the language does it. */
    list: (items: readonly string[]) => items.join(locale === 'zh' ? '、' : ', '),
    duration: (seconds: number) => roughTime(seconds, locale),
    number: (value: number, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(locale, options).format(value),
  };
}
