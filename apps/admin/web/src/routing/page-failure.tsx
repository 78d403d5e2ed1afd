import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Empty, Failure } from '../ui/page-states.js';
import { PageHeader } from '../ui/page-header.js';

/** Stands where a page broke; the others go on. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  return <Failure what="This page broke." error={error} onRetry={reset} />;
}

/** Stands at an address that leads nowhere. */
export function PageNotFound() {
  return (
    <>
      <PageHeader title="No such page" />
      <Empty>
        Nothing is at this address. <Link to="/">To the overview</Link>
      </Empty>
    </>
  );
}
