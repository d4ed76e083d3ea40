import type { Entry } from '#ports/journal';
import type { FaultStory, GateStory, PhaseStory, RunStory, StepStory } from './run-story.ts';

/** The same, while it is being put together. */
type Open<Type, But extends keyof Type = never> = { -readonly [Key in keyof Type as Exclude<Key, But>]: Type[Key] };
type Gate = Open<GateStory, 'because'> & { because: string[] };
type Step = Open<StepStory, 'gates' | 'undone'> & { gates: Gate[]; undone: string[] };
type Phase = Open<PhaseStory, 'steps'> & { steps: Step[] };
type Draft = Open<RunStory, 'phases' | 'faults' | 'notes'> & {
  phases: Phase[];
  faults: FaultStory[];
  notes: { at: string; text: string }[];
  /** How often each phase is under way: once for each host. */
  underWay: Map<string, number>;
};
type Of<Event extends Entry['event']> = Extract<Entry, { event: Event }>;
type Tellings = { readonly [Event in Entry['event']]: (draft: Draft, entry: Of<Event>) => void };

/** Puts the events of a run, or of several that continue each other, in order. Pure; a journal that was cut anywhere tells what is in it. */
export function tell(entries: readonly Entry[]): RunStory {
  const draft = blank();
  for (const entry of entries) {
    draft.began ||= entry.at;
    draft.last = entry.at;
    (tellings[entry.event] as (draft: Draft, entry: Entry) => void)(draft, entry);
  }
  if (draft.outcome === 'running') draft.seconds = secondsBetween(draft.began, draft.last);
  else close(draft);
  const { underWay: _, ...story } = draft;
  return story;
}

const tellings: Tellings = {
  'run-began': (draft, entry) => {
    const { run, command, mode, profile, versions, plan } = entry;
    resume(draft);
    Object.assign(draft, { run, command, mode, profile, versions, planDigest: plan.digest });
    for (const { id, title, steps } of plan.phases) {
      phaseOf(draft, id, title);
      for (const step of steps) stepOf(draft, step.id, step.host, step.title);
    }
  },
  'phase-began': (draft, { phase: id, title, at }) => {
    const phase = phaseOf(draft, id, title);
    draft.underWay.set(id, (draft.underWay.get(id) ?? 0) + 1);
    phase.began ??= at;
    if (phase.state !== 'failed') phase.state = 'running';
  },
  'phase-ended': (draft, { phase: id, outcome, seconds, at }) => {
    const phase = phaseOf(draft, id, id);
    const left = (draft.underWay.get(id) ?? 1) - 1;
    draft.underWay.set(id, left);
    phase.ended = at;
    phase.seconds += seconds;
    if (outcome !== 'done') phase.state = outcome;
    else if (phase.state === 'running' && left <= 0) phase.state = 'done';
  },
  'step-began': (draft, { step: id, host, title, at }) => {
    const step = stepOf(draft, id, host, title);
    step.began ??= at;
    step.title = title;
    step.state = 'running';
    delete step.fault;
  },
  found: (draft, { step: id, host, changes, notes }) => {
    const step = stepOf(draft, id, host);
    step.changes = [...step.changes, ...changes];
    step.notes = [...step.notes, ...(notes ?? [])];
  },
  intent: () => {},
  applied: () => {},
  waiting: (draft, entry) => {
    const gate = gateOf(stepOf(draft, entry.step, entry.host), entry.gate, entry.since);
    gate.until = entry.at;
    gate.seconds = secondsBetween(gate.since, entry.at);
    if (entry.slow === true) gate.slowSince ??= entry.at;
    if (gate.because.at(-1) !== entry.because) gate.because.push(entry.because);
  },
  passed: (draft, entry) => {
    const since = new Date(Date.parse(entry.at) - entry.seconds * 1000).toISOString();
    const gate = gateOf(stepOf(draft, entry.step, entry.host), entry.gate, since);
    Object.assign(gate, { passed: true, evidence: entry.evidence, seconds: entry.seconds, until: entry.at });
  },
  undone: (draft, { step: id, host, because }) => {
    stepOf(draft, id, host).undone.push(because);
  },
  failed: (draft, { step: id, host, fault, at }) => {
    const step = stepOf(draft, id, host);
    step.fault = fault;
    draft.faults.push({ at, step: id, title: step.title, host, fault });
  },
  'step-ended': (draft, { step: id, host, outcome, seconds, at }) => {
    const step = stepOf(draft, id, host);
    Object.assign(step, { state: outcome, seconds, ended: at });
    for (const gate of step.gates.filter((one) => !one.passed))
      Object.assign(gate, { until: at, seconds: secondsBetween(gate.since, at) });
  },
  note: (draft, { at, text }) => {
    draft.notes.push({ at, text });
  },
  'run-ended': (draft, { outcome, exitCode, seconds, changed }) => {
    const all = { seconds: draft.seconds + seconds, changed: draft.changed + changed };
    Object.assign(draft, { outcome, exitCode, ...all });
  },
};

/** A later run of the same telling goes on where the one before was cut: what it had not finished is open again. */
function resume(draft: Draft): void {
  draft.outcome = 'running';
  draft.underWay.clear();
  for (const phase of draft.phases) phase.state = 'pending';
}

/** What was under way when the run ended did not end by itself: a restart of the machine, a cut. */
function close(draft: Draft): void {
  for (const phase of draft.phases) {
    if (phase.state === 'running') phase.state = 'stopped';
    for (const step of phase.steps) if (step.state === 'running') step.state = 'stopped';
  }
}

function phaseOf(draft: Draft, id: string, title: string): Phase {
  const known = draft.phases.find((phase) => phase.id === id);
  if (known !== undefined) return known;
  const phase: Phase = { id, title, state: 'pending', seconds: 0, steps: [] };
  draft.phases.push(phase);
  return phase;
}

function stepOf(draft: Draft, id: string, host: string, title = id): Step {
  const phase = phaseOf(draft, id.split('/')[0] ?? id, id);
  const known = phase.steps.find((step) => step.id === id && step.host === host);
  if (known !== undefined) return known;
  const step = blankStep(id, title, host);
  phase.steps.push(step);
  return step;
}

function gateOf(step: Step, title: string, since: string): Gate {
  const known = step.gates.find((gate) => gate.gate === title && !gate.passed);
  if (known !== undefined) return known;
  const gate: Gate = {
    gate: title,
    since,
    until: since,
    seconds: 0,
    passed: false,
    because: [],
    evidence: [],
  };
  step.gates.push(gate);
  return gate;
}

function blankStep(id: string, title: string, host: string): Step {
  return { id, title, host, state: 'pending', seconds: 0, changes: [], notes: [], gates: [], undone: [] };
}

function blank(): Draft {
  return {
    run: '',
    command: '',
    mode: 'apply',
    profile: { name: '', digest: '', path: '' },
    planDigest: '',
    versions: {},
    began: '',
    last: '',
    outcome: 'running',
    seconds: 0,
    changed: 0,
    phases: [],
    faults: [],
    notes: [],
    underWay: new Map(),
  };
}

function secondsBetween(from: string, to: string): number {
  return from === '' ? 0 : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
