import { eventShapes, type Field } from './event-shapes.ts';

/** docs/reference/events.md, made from the shapes of the events. */
export function eventsPage(): string {
  const parts = Object.entries(eventShapes).map(([event, { about, fields }]) => eventPart(event, about, fields));
  return `# Events

Made from \`installer/src/report/event-shapes.ts\`; not edited by hand.

A run is a stream of events. The journal holds them as JSON lines in \`/var/lib/novasphere/runs/<run>.jsonl\`; \`--output json\` writes the same lines to stdout while they happen, each with \`"version": 1\`. New fields and new events may be added in version 1, and readers leave out what they do not know; anything else becomes version 2. Every event has \`event\` and \`at\` (ISO 8601, UTC). A last line that was cut by a power failure is left out by readers.

\`\`\`json
{"version":1,"at":"2026-11-21T06:03:31.200Z","event":"waiting","step":"k3s/unit","host":"plant-7-a","gate":"the node and the system pods to be ready","because":"the API server does not answer yet","since":"2026-11-21T06:03:30.200Z"}
\`\`\`

Beside events, stdout may hold one line for a fault that no step met: \`{"version":1,"event":"fault","exitCode":…,"fault":…}\`, or \`{"version":1,"event":"bug","exitCode":70,"message":…}\`.

${parts.join('\n')}`;
}

function eventPart(event: string, about: string, fields: Readonly<Record<string, Field>>): string {
  const rows = Object.entries(fields).map(([name, { type, about: meaning, optional, oneOf }]) => {
    const words = oneOf === undefined ? '' : `: ${oneOf.map((word) => `\`${word}\``).join(', ')}`;
    return `| \`${name}\` | ${type}${optional === true ? ', optional' : ''} | ${meaning}${words} |`;
  });
  return `## ${event}\n\n${about}\n\n| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}
