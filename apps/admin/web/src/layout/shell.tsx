import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { CircleHelp, Clock, LogOut, Menu, Moon, Sun, SunMoon } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  Button as AriaButton,
  Dialog,
  DialogTrigger,
  Modal,
  ModalOverlay,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import type { ReactNode } from 'react';
import { useEndpoint } from '../api/use-endpoint.js';
import { useLive } from '../live/live-context.js';
import { useSession } from '../session/session.js';
import { pageClock } from '../time/clock.js';
import { toggleTimeStyle, useTimeStyle } from '../time/time-style.js';
import { DialogHost } from '../ui/dialog-host.js';
import { NoticeRegion } from '../ui/notices.js';
import { HelpDialog } from './help-dialog.js';
import { LiveStatus } from './live-status.js';
import { NAVIGATION, PRODUCT_ICON as ProductIcon } from './navigation-items.js';
import { PAUSE_EVENT } from './pause-event.js';
import { useShortcutsEnabled } from './shortcuts-setting.js';
import { chooseTheme, useThemeChoice, type ThemeChoice } from './theme.js';
import { useShortcuts } from './use-shortcuts.js';

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS = { system: SunMoon, light: Sun, dark: Moon };

/** What is around every page: navigation, the state of the connection, what is wrong, and who one is. */
export function Shell() {
  const session = useSession();
  const router = useRouter();
  const [helpOpen, setHelpOpen] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const themeChoice = useThemeChoice();
  const timeStyle = useTimeStyle();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useLive({ topics: ['overview'] });
  useFocusOnPageChange();

  useShortcuts(useShortcutsEnabled(), (action) => {
    switch (action.kind) {
      case 'help':
        setHelpOpen(true);
        return;
      case 'times':
        toggleTimeStyle();
        return;
      case 'search':
        document.querySelector<HTMLInputElement>('[data-search]')?.focus();
        return;
      case 'pause':
        document.dispatchEvent(new Event(PAUSE_EVENT));
        return;
      case 'go': {
        const item = NAVIGATION.find((one) => one.key === action.key);
        if (item) void router.navigate({ to: item.to });
      }
    }
  });

  const ThemeIcon = THEME_ICONS[themeChoice];
  return (
    <div className="shell">
      <a className="skip-link" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <header className="bar">
        <DialogTrigger isOpen={menuOpen} onOpenChange={setMenuOpen}>
          <AriaButton className="icon-button bar-menu" aria-label="Menu">
            <Menu size={20} aria-hidden />
          </AriaButton>
          <ModalOverlay className="overlay overlay-drawer" isDismissable>
            <Modal className="drawer">
              <Dialog aria-label="Menu" className="drawer-content">
                <NavigationList path={path} onFollow={() => setMenuOpen(false)} />
              </Dialog>
            </Modal>
          </ModalOverlay>
        </DialogTrigger>
        <Link to="/" className="brand">
          <ProductIcon size={18} aria-hidden /> <span>RankedServer</span>
        </Link>
        <LiveStatus />
        <div className="bar-tools">
          <span
            className="bar-operator"
            title={`${session.view.certificateName} from ${session.view.address}`}
          >
            {session.view.certificateName}
          </span>
          <Tool label={timeStyle === 'relative' ? 'Show dates' : 'Show ages'} onPress={toggleTimeStyle}>
            <Clock size={18} aria-hidden />
          </Tool>
          <Tool label={`Theme: ${themeChoice}`} onPress={() => chooseTheme(NEXT_THEME[themeChoice])}>
            <ThemeIcon size={18} aria-hidden />
          </Tool>
          <Tool label="Keyboard help" onPress={() => setHelpOpen(true)}>
            <CircleHelp size={18} aria-hidden />
          </Tool>
          <Tool
            label="Forget the token"
            onPress={() => session.end('The token was forgotten, as you asked.')}
          >
            <LogOut size={18} aria-hidden />
          </Tool>
        </div>
      </header>
      <nav className="side" aria-label="Pages">
        <NavigationList path={path} />
      </nav>
      <main id="main" tabIndex={-1} className="main">
        <MaintenanceBanner />
        <DialogHost>
          <Outlet />
        </DialogHost>
      </main>
      <HelpDialog isOpen={helpOpen} onOpenChange={setHelpOpen} />
      <NoticeRegion onFollow={(href) => router.history.push(href)} />
    </div>
  );
}

function Tool({ label, onPress, children }: { label: string; onPress: () => void; children: ReactNode }) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton className="icon-button" aria-label={label} onPress={onPress}>
        {children}
      </AriaButton>
      <Tooltip className="tooltip">{label}</Tooltip>
    </TooltipTrigger>
  );
}

function NavigationList({ path, onFollow }: { path: string; onFollow?: () => void }) {
  const overview = useEndpoint('GET /api/overview', {});
  const wrong = overview.data?.alarms.filter((alarm) => alarm.severity === 'critical').length ?? 0;
  return (
    <ul className="navigation">
      {NAVIGATION.map((item) => {
        const isHere = item.to === '/' ? path === '/' : path.startsWith(item.to);
        return (
          <li key={item.to}>
            <Link
              to={item.to}
              className={isHere ? 'navigation-link here' : 'navigation-link'}
              {...(isHere ? { 'aria-current': 'page' as const } : {})}
              {...(onFollow ? { onClick: onFollow } : {})}
            >
              <item.icon size={18} aria-hidden />
              <span>{item.label}</span>
              {item.to === '/' && wrong > 0 ? (
                <span className="count-wrong">
                  {wrong}
                  <span className="visually-hidden"> critical</span>
                </span>
              ) : null}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function MaintenanceBanner() {
  const overview = useEndpoint('GET /api/overview', {});
  const at = overview.data?.at;
  useEffect(() => {
    if (at !== undefined) pageClock.adjust(at);
  }, [at]);
  const maintenance = overview.data?.maintenance;
  if (!maintenance?.on) return null;
  return (
    <p className="banner" role="status">
      <strong>Maintenance.</strong> Nobody can queue.{' '}
      {maintenance.message ? <>Players read: “{maintenance.message}”</> : 'Players are told nothing more.'}{' '}
      <Link to="/settings">Settings</Link>
    </p>
  );
}

function skipToMain(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** After a change of page the reading goes on at its heading. */
function useFocusOnPageChange(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', (event) => {
        if (event.fromLocation === undefined || !event.pathChanged) return;
        document.querySelector<HTMLElement>('#main h1')?.focus({ preventScroll: true });
      }),
    [router],
  );
}
