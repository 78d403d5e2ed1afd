import { Button, Disclosure, DisclosurePanel } from 'react-aria-components';

/** Something as it is stored, to be opened. */
export function JsonDisclosure({ title, value }: { title: string; value: unknown }) {
  return (
    <Disclosure className="json">
      <Button slot="trigger" className="link-button">
        {title}
      </Button>
      <DisclosurePanel>
        {/* A long line scrolls; the box must take the focus so that the arrow keys reach it. */}
        <pre className="json-text" tabIndex={0} role="region" aria-label={title}>
          {JSON.stringify(value, null, 2)}
        </pre>
      </DisclosurePanel>
    </Disclosure>
  );
}
