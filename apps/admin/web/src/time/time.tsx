import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { durationText, roughDurationText } from '../format/duration.js';
import { absoluteTimeText, relativeTimeText } from '../format/time-text.js';
import { NO_VALUE } from '../format/number-text.js';
import { toggleTimeStyle, useTimeStyle } from './time-style.js';
import { useNow } from './use-now.js';

/** A time as an age, and as a date while the pointer is on it. `t` turns all of them into dates. */
export function Time({ at }: { at: number | null }) {
  const style = useTimeStyle();
  const text = useNow((now) => (at === null ? '' : relativeTimeText(at, now)));
  if (at === null) return <>{NO_VALUE}</>;
  const absolute = absoluteTimeText(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={style === 'relative' ? absolute : text}>
      {style === 'relative' ? text : absolute}
    </time>
  );
}

/** A time that can be focused: its date shows on focus as well, and pressing it turns all of them. For times that stand alone, not for tables. */
export function FocusableTime({ at }: { at: number | null }) {
  const style = useTimeStyle();
  const text = useNow((now) => (at === null ? '' : relativeTimeText(at, now)));
  if (at === null) return <>{NO_VALUE}</>;
  const absolute = absoluteTimeText(at);
  const [shown, other] = style === 'relative' ? [text, absolute] : [absolute, text];
  return (
    <TooltipTrigger delay={300}>
      <Button className="time-focusable" aria-label={`${shown}, ${other}`} onPress={toggleTimeStyle}>
        <time dateTime={new Date(at).toISOString()}>{shown}</time>
      </Button>
      <Tooltip className="tooltip">{other}</Tooltip>
    </TooltipTrigger>
  );
}

/** How long ago something began, counting on. */
export function Elapsed({ since }: { since: number }) {
  const text = useNow((now) => durationText(Math.max(0, Math.floor((now - since) / 1000) * 1000)));
  return (
    <time dateTime={new Date(since).toISOString()} title={absoluteTimeText(since)}>
      {text === '0 ms' ? '0 s' : text}
    </time>
  );
}

/** How long ago something began, in one unit. */
export function RoughElapsed({ since }: { since: number }) {
  const text = useNow((now) => roughDurationText(Math.max(0, now - since)));
  return (
    <time dateTime={new Date(since).toISOString()} title={absoluteTimeText(since)}>
      {text}
    </time>
  );
}

/** Time that is left. */
export function Remaining({ until }: { until: number }) {
  const text = useNow((now) => (until <= now ? 'none' : roughDurationText(until - now)));
  return <>{text}</>;
}
