import { useEffect, type ReactNode } from 'react';

export interface PageHeaderProps {
  title: string;
  /** Beside the title: a state. */
  aside?: ReactNode;
  /** Above it: where one comes from. */
  path?: ReactNode;
  actions?: ReactNode;
}

/** Head of a page. The window has its name too, so that tabs can be told apart. */
export function PageHeader({ title, aside, path, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · RankedServer`;
  }, [title]);
  return (
    <header className="page-header">
      <div>
        {path === undefined ? null : <p className="page-path">{path}</p>}
        <h1 tabIndex={-1}>
          {title} {aside}
        </h1>
      </div>
      {actions === undefined ? null : <div className="page-actions">{actions}</div>}
    </header>
  );
}

export interface SectionProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a page, under a heading of its own. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
