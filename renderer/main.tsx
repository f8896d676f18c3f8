import './no-eval.ts';

import '@fontsource-variable/inter/index.css';
import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startPage } from './app/start.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
startPage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
