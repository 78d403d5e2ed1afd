import type { ReactNode } from 'react';
import type { LogLineView } from '../../api/contract.js';
import { absoluteTimeText, clockSecondsText } from '../../format/time-text.js';

const LEVEL_WORDS = { info: 'info', warn: 'warn', error: 'error' };

export interface LogLinesProps {
  lines: readonly LogLineView[];
  /** How a line's server is shown; null where all are of one. */
  server: ((line: LogLineView) => ReactNode) | null;
}

/** Lines of a log. The text is a game server's own: it is shown as text and never as anything else. */
export function LogLines({ lines, server }: LogLinesProps) {
  return (
    <div className="log" role="region" aria-label="Log lines" tabIndex={0}>
      <ol className="log-lines" aria-label="Lines, newest first">
        {lines.map((line) => (
          <li key={line.id} className={`log-line log-${line.level}`}>
            <time dateTime={new Date(line.at).toISOString()} title={absoluteTimeText(line.at)}>
              {clockSecondsText(line.at)}
            </time>{' '}
            <span className="log-level">{LEVEL_WORDS[line.level]}</span>{' '}
            {server === null ? null : <span className="log-server">{server(line)} </span>}
            <span className="log-message">{line.message}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
