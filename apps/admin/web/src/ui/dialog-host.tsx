import { useRouterState } from '@tanstack/react-router';
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

export interface DialogContent {
  title: string;
  children: (close: () => void) => ReactNode;
}

const OpenDialogContext = createContext<((content: DialogContent) => void) | null>(null);

/** Opens a dialog over the page. */
export function useOpenDialog(): (content: DialogContent) => void {
  const open = useContext(OpenDialogContext);
  if (open === null) throw new Error('There is no place for dialogs here');
  return open;
}

/**
 * Holds the one dialog that is open. It does not stand where it was opened: a row may go while somebody still types the reason. Another page
 * closes it.
 */
export function DialogHost({ children }: { children: ReactNode }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [opened, setOpened] = useState<{ content: DialogContent; path: string; key: number } | null>(null);
  const open = useCallback(
    (content: DialogContent) => setOpened((before) => ({ content, path, key: (before?.key ?? 0) + 1 })),
    [path],
  );
  const close = () => setOpened(null);
  const shown = opened?.path === path ? opened : null;
  return (
    <OpenDialogContext value={open}>
      {children}
      <ModalOverlay
        className="overlay"
        isOpen={shown !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) close();
        }}
        isDismissable
      >
        <Modal className="modal">
          {shown === null ? null : (
            <Dialog key={shown.key} className="dialog">
              <Heading slot="title" className="dialog-title">
                {shown.content.title}
              </Heading>
              {shown.content.children(close)}
            </Dialog>
          )}
        </Modal>
      </ModalOverlay>
    </OpenDialogContext>
  );
}
