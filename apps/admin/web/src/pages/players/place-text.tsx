import { Link } from '@tanstack/react-router';
import type { PlayerPlace } from '../../api/contract.js';
import { matchTag } from '../../format/short-id.js';
import { Time } from '../../time/time.js';

/** Where a player is. */
export function PlaceText({ place }: { place: PlayerPlace }) {
  switch (place.kind) {
    case 'away':
      return <span className="muted">away</span>;
    case 'queue':
      return (
        <>
          waits in{' '}
          <Link to="/queues/$name" params={{ name: place.queue }}>
            {place.queue}
          </Link>
          , joined <Time at={place.joinedAt} />
        </>
      );
    case 'match':
      return (
        <>
          plays{' '}
          <Link to="/matches/$id" params={{ id: place.matchId }}>
            {place.queue} {matchTag(place.matchId)}
          </Link>
        </>
      );
  }
}
