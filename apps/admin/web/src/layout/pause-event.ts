/** Sent to the document when `p` is pressed: the log on the screen stops, or goes on. */
export const PAUSE_EVENT = 'ranked-pause';
