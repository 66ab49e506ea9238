import './onlyEmptyHtml.ts';
import './zodWithoutEval.ts';
import '../styles/tokens.css';
import '../styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { languageOf, startI18n } from '../i18n/i18n.ts';
import { followHost } from '../stores/appStore.ts';
import { App } from './App.tsx';

startI18n(languageOf(navigator.language));
followHost();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
