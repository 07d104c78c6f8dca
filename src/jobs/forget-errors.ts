type Emitter = {
  removeAllListeners(event: 'error'): unknown;
  on(event: 'error', listener: () => void): unknown;
};

/**
 * For what has been closed: connections end a little after it, and when the server stops right after, that is no
 * news to anybody. Without a listener it would end the process.
 */
export function forgetErrors(closed: Emitter): void {
  closed.removeAllListeners('error');
  closed.on('error', () => {});
}
