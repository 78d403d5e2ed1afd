import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from '../ui/button.js';
import { Toggle } from '../ui/toggle.js';
import { NAVIGATION } from './navigation-items.js';
import { setShortcutsEnabled, useShortcutsEnabled } from './shortcuts-setting.js';

export interface HelpDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

const SINGLE_KEYS: readonly [key: string, meaning: string][] = [
  ['/', 'Search on this page'],
  ['t', 'Times as ages or as dates'],
  ['p', 'Pause the log, or let it go on'],
  ['?', 'This help'],
];

/** The keys, and the switch that turns them off. */
export function HelpDialog({ isOpen, onOpenChange }: HelpDialogProps) {
  const enabled = useShortcutsEnabled();
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog">
          {({ close }) => (
            <>
              <Heading slot="title" className="dialog-title">
                Keyboard
              </Heading>
              <dl className="shortcuts">
                {NAVIGATION.map((item) => (
                  <div key={item.to}>
                    <dt>
                      <kbd>g</kbd> <kbd>{item.key}</kbd>
                    </dt>
                    <dd>{item.label}</dd>
                  </div>
                ))}
                {SINGLE_KEYS.map(([key, meaning]) => (
                  <div key={key}>
                    <dt>
                      <kbd>{key}</kbd>
                    </dt>
                    <dd>{meaning}</dd>
                  </div>
                ))}
              </dl>
              <Toggle isSelected={enabled} onChange={setShortcutsEnabled}>
                Single keys act
              </Toggle>
              <div className="form-actions">
                <Button onPress={close}>Close</Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
