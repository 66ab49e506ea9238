import { useTranslation } from 'react-i18next';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import type { ProposalSubject } from './proposalSubject.ts';

/** What the picture or scene is called that a proposal is about. */
export function useSubjectName(): (subject: ProposalSubject) => string {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  return (subject) =>
    subject.kind === 'picture'
      ? pictureName(subject.image, language)
      : subject.scene.title || t('app.untitled');
}
