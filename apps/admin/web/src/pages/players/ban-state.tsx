import type { BanView } from '../../api/contract.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';

/** That a player is banned, and until when. */
export function BanState({ ban }: { ban: BanView }) {
  return (
    <span className="badges">
      <Badge word={{ label: 'Banned', tone: 'notice', meaning: ban.reason ?? 'No reason was given' }} />
      {ban.until === null ? (
        <span>for ever</span>
      ) : (
        <span>
          ends <Time at={ban.until} />
        </span>
      )}
    </span>
  );
}
