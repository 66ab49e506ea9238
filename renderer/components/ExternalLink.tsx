import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../api/client.ts';
import { useApp } from '../stores/appStore.ts';
import { tellError } from '../stores/notices.ts';
import styles from './controls.module.css';

export interface ExternalLinkProps {
  readonly url: string;
  readonly children: ReactNode;
}

/** A link out of the application: the desktop asks and opens the system's browser, a page opens another tab. */
export function ExternalLink({ url, children }: ExternalLinkProps) {
  const isDesktop = useApp((app) => app.info?.host === 'desktop');
  const open = () => {
    client.app.openLink({ url }).catch((thrown: unknown) => tellError(AppError.from(thrown)));
  };
  return (
    <Link
      className={styles.link}
      {...(isDesktop ? { onPress: open } : { href: url, target: '_blank', rel: 'noopener noreferrer' })}
    >
      {children}
    </Link>
  );
}
