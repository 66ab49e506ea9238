import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import styles from './App.module.css';

function Crash({ onBack }: { readonly onBack: () => void }) {
  const { t } = useTranslation();
  return (
    <main className={styles.crash}>
      <h1>{t('host.crashTitle')}</h1>
      <p>{t('host.crashDetail')}</p>
      <Button look="solid" onPress={onBack}>
        {t('host.crashBack')}
      </Button>
    </main>
  );
}

/** Catches what a component throws while drawing. The stores live outside, so nothing that was written is lost. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error('A screen failed', error, info.componentStack);
  }

  override render() {
    return this.state.failed ? (
      <Crash onBack={() => this.setState({ failed: false })} />
    ) : (
      this.props.children
    );
  }
}
