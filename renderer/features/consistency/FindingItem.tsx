import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding, Fix } from '#shared/consistency/findings.ts';
import type { Command } from '#shared/story/commands.ts';
import { Button } from '../../components/Button.tsx';
import { WordDiff } from '../../components/WordDiff.tsx';
import { useFormat } from '../../i18n/format.ts';
import { tell } from '../../stores/notices.ts';
import { dispatch, loadTexts, openStory, undo, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Consistency.module.css';
import { checkAfter } from './checkStore.ts';
import { EvidenceView, usePlaceName } from './EvidenceView.tsx';
import { planFix, planIgnored, planIntended, sceneOfChange } from './planDecision.ts';

/** The ways to make both statements agree, as word diffs; accepting one is one step of undo. */
function Fixes({
  finding,
  onAccept,
  onCancel,
}: {
  readonly finding: Finding;
  onAccept(fix: Fix): void;
  onCancel(): void;
}) {
  const { t } = useTranslation();
  const nameOf = usePlaceName();
  return (
    <section className={styles.fixes} aria-label={t('consistency.fixTitle')}>
      {finding.fixes.length === 0 && <p>{t('consistency.noFix')}</p>}
      {finding.fixes.map((fix) => {
        const evidence = [finding.a.evidence, finding.b.evidence].find(
          ({ sentence }) => sentence === fix.before,
        );
        const place = evidence ? nameOf(evidence) : '';
        return (
          <div key={`${fix.before} ${fix.after}`} className={styles.proposal}>
            <p className={styles.place}>{t('consistency.fixIn', { place })}</p>
            <WordDiff
              before={fix.before}
              after={fix.after}
              language={/\p{Script=Han}/u.test(fix.before) ? 'zh' : 'en'}
            />
            <div>
              <Button look="solid" small onPress={() => onAccept(fix)}>
                {t('consistency.accept')}
              </Button>
            </div>
          </div>
        );
      })}
      <div>
        <Button small onPress={onCancel}>
          {t('consistency.cancelFix')}
        </Button>
      </div>
    </section>
  );
}

/** Two statements that exclude each other, and what the writer may do about it. */
export function FindingItem({ finding, onShow }: { readonly finding: Finding; onShow(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isFixing, setFixing] = useState(false);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const name = useStoryStore((state) =>
    finding.characterId === null ? '' : (state.story?.characters[finding.characterId]?.name ?? ''),
  );
  const attribute = t(`consistency.attributes.${finding.attribute}`);
  const what = name === '' ? attribute : t('consistency.about', { character: name, attribute });
  const percent = format.number(finding.confidence, { style: 'percent' });

  const decide = (
    command: Command | null,
    label: string,
    told: string,
    settled: (other: Finding) => boolean,
  ) => {
    if (!command) {
      tell(t('consistency.gone'));
      return;
    }
    if (!dispatch([command], { label })) return;
    tell(told, { label: t('desk.undo'), run: undo });
    void checkAfter(settled);
  };
  const accept = async (fix: Fix) => {
    if (fix.target.kind === 'scene') await loadTexts([fix.target.sceneId]);
    const command = planFix(openStory().story, fix);
    decide(command, t('consistency.fixStep'), t('consistency.fixed'), ({ id }) => id === finding.id);
  };
  return (
    <li className={styles.item}>
      <div className={styles.itemHead}>
        <span className={styles.kind}>{t(`consistency.kinds.${finding.kind}`)}</span>
        <h3 className={styles.what}>{what}</h3>
        <span className={styles.confidence}>{t('consistency.confidence', { percent })}</span>
      </div>
      <EvidenceView statement={finding.a} onShow={onShow} />
      <EvidenceView statement={finding.b} onShow={onShow} />
      {!isReadOnly && (
        <div className={styles.actions}>
          <Button
            small
            look="outline"
            aria-expanded={isFixing}
            aria-label={`${t('consistency.fix')} ${what}`}
            onPress={() => setFixing(!isFixing)}
          >
            {t('consistency.fix')}
          </Button>
          {sceneOfChange(finding) !== null && (
            <Button
              small
              aria-label={`${t('consistency.intended')}: ${what}`}
              onPress={() =>
                decide(
                  planIntended(openStory().story, finding),
                  t('consistency.intendedStep'),
                  t('consistency.decided'),
                  ({ id }) => id === finding.id,
                )
              }
            >
              {t('consistency.intended')}
            </Button>
          )}
          <Button
            small
            aria-label={`${t('consistency.ignore')}: ${what}`}
            onPress={() =>
              decide(
                planIgnored(openStory().story, finding),
                t('consistency.ignoreStep'),
                t('consistency.decided'),
                ({ id }) => id === finding.id,
              )
            }
          >
            {t('consistency.ignore')}
          </Button>
        </div>
      )}
      {isFixing && !isReadOnly && (
        <Fixes finding={finding} onAccept={(fix) => void accept(fix)} onCancel={() => setFixing(false)} />
      )}
    </li>
  );
}
