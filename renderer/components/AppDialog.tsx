import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import styles from './controls.module.css';

export interface AppDialogProps {
  readonly title: string;
  readonly size?: 'normal' | 'wide' | 'full';
  /** Buttons at the foot. */
  readonly foot?: ReactNode;
  /** A question that only a choice answers: neither Esc nor a click beside it closes it. */
  readonly mustAnswer?: boolean;
  readonly children: ReactNode;
  onClose(): void;
}

/** A dialog in front of everything; Esc closes it and focus returns to where it was. */
export function AppDialog({
  title,
  size = 'normal',
  foot,
  mustAnswer = false,
  children,
  onClose,
}: AppDialogProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      className={styles.overlay}
    >
      <Modal className={`${styles.modal} ${size === 'normal' ? '' : styles[size]}`}>
        <Dialog role={mustAnswer ? 'alertdialog' : 'dialog'} className={styles.dialog}>
          <div className={styles.dialogHead}>
            <Heading slot="title" level={2} className={styles.dialogTitle}>
              {title}
            </Heading>
            {!mustAnswer && (
              <IconButton label={t('app.close')} icon={<X size={18} aria-hidden />} onPress={onClose} />
            )}
          </div>
          <div className={styles.dialogBody}>{children}</div>
          {foot !== undefined && <div className={styles.dialogFoot}>{foot}</div>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
