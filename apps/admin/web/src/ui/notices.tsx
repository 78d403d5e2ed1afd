import { X } from 'lucide-react';
import {
  Button,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
  Text,
} from 'react-aria-components';

export interface Notice {
  tone: 'plain' | 'wrong';
  text: string;
  /** Where to look further. */
  link?: { href: string; label: string };
}

const notices = new ToastQueue<Notice>({ maxVisibleToasts: 3 });

/** Says what came of an action. What went wrong stays until it is closed. */
export function notify(notice: Notice): void {
  notices.add(notice, notice.tone === 'wrong' ? {} : { timeout: 10_000 });
}

export interface NoticeRegionProps {
  onFollow: (href: string) => void;
}

/** Where notices appear. */
export function NoticeRegion({ onFollow }: NoticeRegionProps) {
  return (
    <ToastRegion queue={notices} className="notices" aria-label="Notices">
      {({ toast }) => (
        <Toast toast={toast} className={`notice notice-${toast.content.tone}`}>
          <ToastContent className="notice-content">
            <Text slot="title">{toast.content.text}</Text>
            {toast.content.link === undefined ? null : (
              <Button
                className="button button-quiet"
                onPress={() => {
                  onFollow(toast.content.link?.href ?? '/');
                  notices.close(toast.key);
                }}
              >
                {toast.content.link.label}
              </Button>
            )}
          </ToastContent>
          <Button slot="close" className="icon-button" aria-label="Close the notice">
            <X size={16} aria-hidden />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
