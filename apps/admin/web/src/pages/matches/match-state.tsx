import type { MatchRow } from '../../api/contract.js';
import { MATCH_STATES, type StateWord } from '../../format/state-words.js';
import { Badge } from '../../ui/badge.js';

const VOID_WORDS: Record<'done' | 'pending' | 'failed', StateWord> = {
  done: { label: 'Void', tone: 'notice', meaning: 'It was taken out of the ratings' },
  pending: {
    label: 'Void pending',
    tone: 'notice',
    meaning: 'A master is about to rate its queue again without it',
  },
  failed: { label: 'Void failed', tone: 'wrong', meaning: 'Its queue could not be rated again without it' },
};
const LOST: StateWord = { label: 'Lost', tone: 'wrong', meaning: 'Its server is without it' };

/** State of a match, and what is the matter with it. */
export function MatchState({ match }: { match: MatchRow }) {
  return (
    <span className="badges">
      <Badge word={MATCH_STATES[match.state]} />
      {match.lostAt === null ? null : <Badge word={LOST} />}
      {match.voided === null ? null : <Badge word={VOID_WORDS[match.voided]} />}
    </span>
  );
}
