import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { applyTheme } from './layout/theme.js';
import { LiveProvider } from './live/live-provider.js';
import { router } from './routing/router.js';
import { SessionGate } from './session/session-gate.js';
import './styles/base.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/data.css';
import './styles/plots.css';

applyTheme();
const container = document.getElementById('root');
if (container === null) throw new Error('The page has no #root');
createRoot(container).render(
  <StrictMode>
    <I18nProvider locale="en-GB">
      <SessionGate>
        <LiveProvider>
          <RouterProvider router={router} />
        </LiveProvider>
      </SessionGate>
    </I18nProvider>
  </StrictMode>,
);
