import { useSyncExternalStore } from 'react';

/** `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const STORAGE_KEY = 'ranked-theme';
const darkSystem = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: ThemeChoice = readChoice();

/** Sets the theme that was chosen before. Once, before anything is drawn. */
export function applyTheme(): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
  applyTheme();
  for (const listener of listeners) listener();
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice);
}

/** What is on the screen. */
export function useAppliedTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () =>
    choice === 'system' ? (darkSystem.matches ? 'dark' : 'light') : choice,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  darkSystem.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    darkSystem.removeEventListener('change', listener);
  };
}

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}
