import {
  Activity,
  Gauge,
  KeyRound,
  ListOrdered,
  Logs,
  ScrollText,
  Server,
  Settings,
  Swords,
  Users,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

export interface NavigationItem {
  to:
    | '/'
    | '/servers'
    | '/queues'
    | '/players'
    | '/matches'
    | '/certificates'
    | '/logs'
    | '/audit'
    | '/settings';
  label: string;
  icon: LucideIcon;
  /** After `g`. */
  key: string;
}

/** The pages, in the order in which a night goes wrong. */
export const NAVIGATION: readonly NavigationItem[] = [
  { to: '/', label: 'Overview', icon: Gauge, key: 'o' },
  { to: '/servers', label: 'Servers', icon: Server, key: 's' },
  { to: '/queues', label: 'Queues', icon: ListOrdered, key: 'q' },
  { to: '/players', label: 'Players', icon: Users, key: 'p' },
  { to: '/matches', label: 'Matches', icon: Swords, key: 'm' },
  { to: '/certificates', label: 'Certificates', icon: KeyRound, key: 'c' },
  { to: '/logs', label: 'Logs', icon: Logs, key: 'l' },
  { to: '/audit', label: 'Audit', icon: ScrollText, key: 'a' },
  { to: '/settings', label: 'Settings', icon: Settings, key: 'e' },
];

/** Stands for the product. */
export const PRODUCT_ICON: LucideIcon = Activity;
