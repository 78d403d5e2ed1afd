import type { Impact } from '../api/contract.js';
import { countText } from '../format/number-text.js';

/** What an action will do, and to how many. */
export function ImpactNotice({ impact }: { impact: Impact }) {
  const counts = [
    impact.players > 0 ? countText(impact.players, 'player') : null,
    impact.matches > 0 ? countText(impact.matches, 'match', 'matches') : null,
    impact.certificates > 0 ? countText(impact.certificates, 'certificate') : null,
  ].filter((text) => text !== null);
  return (
    <div className="impact">
      <p>{impact.sentence}</p>
      <p className="impact-counts">
        {counts.length === 0 ? 'Nobody is concerned now.' : `Concerned now: ${counts.join(', ')}.`}
      </p>
    </div>
  );
}
