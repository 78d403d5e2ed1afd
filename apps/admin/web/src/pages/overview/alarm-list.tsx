import { Link } from '@tanstack/react-router';
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { Alarm } from '../../api/contract.js';
import { countText } from '../../format/number-text.js';
import { SEVERITIES } from '../../format/state-words.js';
import { RoughElapsed } from '../../time/time.js';

const ICONS = { critical: OctagonAlert, warning: TriangleAlert, info: Info };

/** What is wrong, worst first. */
export function AlarmList({ alarms }: { alarms: Alarm[] }) {
  if (alarms.length === 0) {
    return (
      <p className="all-well" role="status">
        <CircleCheck size={18} aria-hidden /> All is well.
      </p>
    );
  }
  return (
    <>
      {/* Read out when something goes wrong, and not each time that an age changes. */}
      <p className="visually-hidden" role="status">
        {countText(alarms.length, 'alarm')}. {alarms[0]?.text}
      </p>
      <ul className="alarms" aria-label="What is wrong">
        {alarms.map((alarm) => {
          const Icon = ICONS[alarm.severity];
          return (
            <li key={`${alarm.kind} ${alarm.link?.id ?? ''}`} className={`alarm alarm-${alarm.severity}`}>
              <Icon size={18} aria-hidden />
              <p className="alarm-text">
                <strong>{SEVERITIES[alarm.severity].label}.</strong> {alarm.text}
              </p>
              <span className="alarm-since">
                {alarm.since === null ? null : (
                  <>
                    for <RoughElapsed since={alarm.since} />
                  </>
                )}
              </span>
              <AlarmLink alarm={alarm} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function AlarmLink({ alarm }: { alarm: Alarm }) {
  const { link } = alarm;
  if (link === null) return null;
  const { page, id } = link;
  const about = <span className="visually-hidden">: {alarm.text}</span>;
  if (page === 'servers' && id !== undefined) {
    return (
      <Link to="/servers/$id" params={{ id }}>
        Open the server{about}
      </Link>
    );
  }
  if (page === 'queues' && id !== undefined) {
    return (
      <Link to="/queues/$name" params={{ name: id }}>
        Open the queue{about}
      </Link>
    );
  }
  if (page === 'matches' && id !== undefined) {
    return (
      <Link to="/matches/$id" params={{ id }}>
        Open the match{about}
      </Link>
    );
  }
  if (page === 'certificates' && alarm.kind === 'operator-certificate-expiring') {
    return (
      <Link to="/certificates" search={{ tab: 'operators' }}>
        Open certificates{about}
      </Link>
    );
  }
  if (page === 'certificates') {
    return (
      <Link to="/certificates" search={id === undefined ? {} : { q: id }}>
        Open certificates{about}
      </Link>
    );
  }
  return (
    <Link to={`/${page}`}>
      Open {page}
      {about}
    </Link>
  );
}
