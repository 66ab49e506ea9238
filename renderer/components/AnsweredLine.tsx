import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Answered, RouteReason } from '#shared/models/routing.ts';
import { useFormat } from '../i18n/format.ts';
import { useModelNames } from './useModelNames.ts';

function wordOf(reason: RouteReason, t: TFunction): string {
  switch (reason.kind) {
    case 'language':
      return t('route.language', { language: t(`app.languages.${reason.language}`) });
    case 'style':
      return t(`route.style.${reason.task}`);
    case 'votes':
      return t('route.votes', { count: reason.votes });
    case 'chosen':
    case 'only':
    case 'manual':
    case 'warm':
    case 'local':
    case 'fits':
    case 'works':
      return t(`route.${reason.kind}`);
  }
}

/** Which model answered and why it was asked: "Qwen-VL: Chinese, your last 14 votes"; and which could not. */
export function AnsweredLine({ answered }: { readonly answered: Answered }) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const nameOf = useModelNames();
  const model = nameOf(answered.modelId);
  const reasons = answered.reasons.map((reason) => wordOf(reason, t));
  const tried = answered.tried.map(({ modelId }) => nameOf(modelId));
  return (
    <>
      {reasons.length === 0 ? model : t('route.why', { model, reasons: list(reasons) })}
      {tried.length > 0 && ` · ${t('route.tried', { models: list(tried) })}`}
    </>
  );
}
