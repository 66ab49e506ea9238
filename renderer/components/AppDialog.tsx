import { X } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import styles from './controls.module.css';

export interface AppDialogProps {
  readonly title: string;
  readonly size?: 'normal' | 'wide' | 'full';
  /** Buttons at the foot. */
  readonly foot?: ReactNode | undefined;
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
  const dialog = useRef<HTMLElement>(null);
  const keyed = useEffectEvent((event: KeyboardEvent) => {
    const dialogs = document.querySelectorAll('[data-app-dialog]');
    if (event.target !== document.body || dialogs[dialogs.length - 1] !== dialog.current) return;
    if (event.key === 'Escape' && !event.isComposing && !mustAnswer) onClose();
    else dialog.current.focus();
  });
  // A button that was disabled or went away while it had the focus leaves the focus nowhere, and the keys with it.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => keyed(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
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
        <Dialog
          ref={dialog}
          role={mustAnswer ? 'alertdialog' : 'dialog'}
          className={styles.dialog}
          data-app-dialog=""
        >
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
