import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpinionKey } from '#shared/models/feedback.ts';
import { vote } from '../stores/feedback.ts';
import { tell } from '../stores/notices.ts';
import { IconButton } from './Button.tsx';

/** Whether an answer was good: one vote. Give it the answer as its key. */
export function Thumbs({ of }: { readonly of: OpinionKey }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<'up' | 'down' | null>(null);
  const give = (kind: 'up' | 'down') => {
    if (given !== null) return;
    setGiven(kind);
    vote({ ...of, kind });
    tell(t('route.thanks'));
  };
  return (
    <>
      {(['up', 'down'] as const).map((kind) => (
        <IconButton
          key={kind}
          small
          label={t(kind === 'up' ? 'route.good' : 'route.bad')}
          icon={kind === 'up' ? <ThumbsUp size={16} aria-hidden /> : <ThumbsDown size={16} aria-hidden />}
          isOn={given === kind}
          aria-pressed={given === kind}
          isDisabled={given !== null && given !== kind}
          onPress={() => give(kind)}
        />
      ))}
    </>
  );
}
