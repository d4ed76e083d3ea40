import { JOURNAL_VERSION, type View } from '#ports/journal';

/** A run for scripts: every event as one JSON line, `{"version":1,"event":…}`. The shape is in docs/reference/events.md. */
export function jsonView(write: (text: string) => void): View {
  return {
    show(entry) {
      write(`${JSON.stringify({ version: JOURNAL_VERSION, ...entry })}\n`);
    },
    close: () => Promise.resolve(),
  };
}
