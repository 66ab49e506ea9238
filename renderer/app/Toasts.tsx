import { X } from 'lucide-react';
import {
  type QueuedToast,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../components/Button.tsx';
import { type Notice, notices } from '../stores/notices.ts';
import styles from './App.module.css';

function NoticeText({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation();
  if (notice.kind === 'info') {
    return (
      <Text slot="title" className={styles.toastTitle}>
        {notice.text}
      </Text>
    );
  }
  return (
    <>
      <Text slot="title" className={styles.toastTitle} elementType="p">
        {t(`errors.${notice.error.code}.title`)}
      </Text>
      <Text slot="description" className={styles.toastDetail} elementType="p">
        {t(`errors.${notice.error.code}.next`)}
      </Text>
    </>
  );
}

/** Passing notices at the lower right. */
export function Toasts() {
  const { t } = useTranslation();
  return (
    <ToastRegion queue={notices} className={styles.toasts}>
      {({ toast }: { toast: QueuedToast<Notice> }) => {
        const notice = toast.content;
        return (
          <Toast
            toast={toast}
            className={`${styles.toast} ${notice.kind === 'error' ? styles.toastError : ''}`}
          >
            <ToastContent className={styles.toastText}>
              <NoticeText notice={notice} />
            </ToastContent>
            {notice.kind === 'info' && notice.action && (
              <Button
                small
                look="outline"
                onPress={() => {
                  notice.action?.run();
                  notices.close(toast.key);
                }}
              >
                {notice.action.label}
              </Button>
            )}
            <IconButton
              small
              label={t('errorUi.dismiss')}
              icon={<X size={16} aria-hidden />}
              onPress={() => notices.close(toast.key)}
            />
          </Toast>
        );
      }}
    </ToastRegion>
  );
}
