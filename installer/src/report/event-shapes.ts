import type { Entry } from '#ports/journal';

type Type = 'string' | 'number' | 'boolean' | 'strings' | 'object' | 'objects';

export interface Field {
  readonly type: Type;
  readonly about: string;
  readonly optional?: true;
  readonly oneOf?: readonly string[];
}

type Known<Event extends Entry['event']> = Exclude<keyof Extract<Entry, { event: Event }>, 'event' | 'at'>;
type Shape<Event extends Entry['event']> = {
  readonly about: string;
  readonly fields: { readonly [Key in Known<Event>]: Field };
};

const step: Field = { type: 'string', about: 'the step, `<phase>/<name>`' };
const host: Field = { type: 'string', about: 'the node that it is done on' };
const seconds: Field = { type: 'number', about: 'how long it took' };
const title: Field = { type: 'string', about: 'for people' };
const gate: Field = { type: 'string', about: 'what is waited for, in the middle of a sentence' };
const text = (about: string): Field => ({ type: 'string', about });
const oneOf = (about: string, ...words: readonly string[]): Field => ({ type: 'string', about, oneOf: words });

/** Every event with its fields: what docs/reference/events.md is made from. A missing or a wrong key does not compile. */
export const eventShapes: { readonly [Event in Entry['event']]: Shape<Event> } = {
  'run-began': {
    about: 'The first line of a run.',
    fields: {
      version: { type: 'number', about: 'of the shape of all events: 1' },
      run: text('the id of the run; ids sort by time'),
      command: text('the command that runs'),
      mode: oneOf('whether it only looks', 'inspect', 'apply'),
      profile: { type: 'object', about: '`name`, `digest` (SHA-256), `path`' },
      plan: { type: 'object', about: '`digest` and `phases`: `[{id, title, steps: [{id, title, host}]}]`' },
      versions: { type: 'object', about: 'versions by component' },
    },
  },
  'phase-began': {
    about: 'A phase begins, once for each host that it is for.',
    fields: { phase: text('its id'), title },
  },
  'step-began': { about: 'A step begins.', fields: { step, host, title } },
  found: {
    about: 'What the probe of a step saw.',
    fields: {
      step,
      host,
      state: oneOf('as wanted, to be changed, or in the way', 'converged', 'drifted', 'blocked'),
      changes: { type: 'objects', about: '`[{what, from?, to?, destructive?, restarts?}]`' },
      notes: { type: 'strings', about: 'facts and warnings worth telling', optional: true },
    },
  },
  intent: {
    about: 'Written before something is destroyed that cannot be seen afterwards.',
    fields: { step, host, target: text('exactly what consent named') },
  },
  applied: { about: 'A step has acted and its probe agrees.', fields: { step, host, seconds } },
  waiting: {
    about: 'A gate is not passed yet: on every new reason, and every 30 s.',
    fields: {
      step,
      host,
      gate,
      because: text('what is missing now'),
      since: text('ISO time since when it is waited for'),
      slow: { type: 'boolean', about: 'it takes longer than usual', optional: true },
    },
  },
  passed: {
    about: 'A gate is passed.',
    fields: { step, host, gate, evidence: { type: 'strings', about: 'what proves it' }, seconds },
  },
  undone: { about: 'A step has taken something back.', fields: { step, host, because: text('what, and why') } },
  failed: {
    about: 'A step has failed.',
    fields: {
      step,
      host,
      fault: {
        type: 'object',
        about: '`{code, message, because, where, evidence, remedy}`, see [faults.md](faults.md)',
      },
    },
  },
  'step-ended': {
    about: 'A step ends.',
    fields: { step, host, outcome: oneOf('how', 'converged', 'applied', 'planned', 'failed', 'stopped'), seconds },
  },
  'phase-ended': {
    about: 'A phase ends on a host.',
    fields: { phase: text('its id'), outcome: oneOf('how', 'done', 'failed', 'stopped'), seconds },
  },
  note: { about: 'Something about the whole run.', fields: { text: text('for people') } },
  'run-ended': {
    about: 'The last line of a run. A run without it was cut.',
    fields: {
      outcome: oneOf('how', 'done', 'failed', 'timed-out', 'interrupted', 'refused', 'rebooting', 'cut'),
      exitCode: { type: 'number', about: 'of the command' },
      seconds,
      changed: { type: 'number', about: 'how many steps changed something' },
    },
  },
};
