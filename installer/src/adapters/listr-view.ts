import {
  DefaultRenderer,
  LISTR_DEFAULT_RENDERER_STYLE,
  Listr,
  type ListrTask,
  ListrTaskState,
  type ListrTaskWrapper,
} from 'listr2';
import type { Entry, View } from '#ports/journal';
import { type Paint, paint } from '#report/paint';
import { wrap } from '#report/wrap';
import { ListrPhase, type ListrStep } from './listr-view-phase.ts';
import type { ViewOptions } from './plain-view.ts';
import { runEnd } from './plain-view-lines.ts';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;
type Task = ListrTask<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

export interface ListrViewOptions extends ViewOptions {
  /** Milliseconds that only grow; waits tick with it between two events. */
  readonly elapsed: () => number;
}

/** How often waits tick. */
const tick = 1000;

/** A run on a terminal. listr2 only draws: every task waits for the event that settles it, and nothing is decided here. */
export function listrView(options: ListrViewOptions): View {
  let drawing: Drawing | undefined;
  let turning: Promise<void> | undefined;
  const queue: Entry[] = [];
  /** Another run on the same view: the first drawing is finished before the next one begins. */
  const turn = async (old: Drawing) => {
    await old.close();
    turning = undefined;
    drawing = undefined;
    for (const entry of queue.splice(0)) show(entry);
  };
  const show = (entry: Entry): void => {
    if (turning !== undefined) queue.push(entry);
    else if (entry.event !== 'run-began') drawing?.show(entry);
    else if (drawing === undefined) drawing = new Drawing(entry, options);
    else {
      queue.push(entry);
      turning = turn(drawing);
    }
  };
  return {
    show,
    async close() {
      await turning;
      await drawing?.close();
    },
  };
}

class Drawing {
  readonly #phases = new Map<string, ListrPhase>();
  readonly #options: ListrViewOptions;
  readonly #colour: Paint;
  readonly #run: Promise<unknown>;
  readonly #ticking: NodeJS.Timeout;
  readonly #last: string[] = [];
  readonly #over = Promise.withResolvers<void>();
  #drawNote: (text: string) => void = () => {};

  constructor(head: Extract<Entry, { event: 'run-began' }>, options: ListrViewOptions) {
    this.#options = options;
    this.#colour = options.paint ?? paint(false);
    for (const record of head.plan.phases) this.#phaseOf(record.id, record.title).add(record.steps);
    options.write(`novasphere ${head.command}  ${this.#colour.bold(head.profile.name)}  run ${head.run}\n`);
    const tasks = [...this.#phases.values()].map((phase) => phaseTask(phase));
    const list = new Listr([...tasks, this.#noteTask()], {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: DefaultRenderer,
      rendererOptions: {
        collapseErrors: true,
        icon: icons,
        ...(isColoured(this.#colour) ? {} : { color: colourless }),
      },
    });
    this.#run = list.run().catch(() => {});
    this.#ticking = setInterval(() => this.#tickAll(), tick);
    this.#ticking.unref();
  }

  show(entry: Entry): void {
    if (entry.event === 'note') this.#note(entry.text);
    if (entry.event === 'run-ended') this.#last.push(runEnd(entry.outcome, entry.seconds, entry.changed));
    const id = 'phase' in entry ? entry.phase : 'step' in entry ? (entry.step.split('/')[0] ?? '') : undefined;
    if (id !== undefined) this.#phases.get(id)?.show(entry);
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    for (const phase of this.#phases.values()) phase.close();
    this.#over.resolve();
    await this.#run;
    const columns = this.#options.columns ?? 80;
    for (const text of this.#last) this.#options.write(`${wrap(text, columns).join('\n')}\n`);
  }

  #note(text: string): void {
    this.#last.push(text);
    this.#drawNote(text);
  }

  /** A task without title is drawn below all others: the place for what concerns the whole run. */
  #noteTask(): Task {
    return {
      task: async (_, wrapper: Wrapper) => {
        this.#drawNote = (text) => {
          wrapper.output = text;
        };
        for (const text of this.#last) this.#drawNote(text);
        await this.#over.promise;
      },
    };
  }

  #tickAll(): void {
    for (const phase of this.#phases.values()) phase.tick();
  }

  #phaseOf(id: string, title: string): ListrPhase {
    const known = this.#phases.get(id);
    if (known !== undefined) return known;
    const phase = new ListrPhase(title, this.#options, this.#colour);
    this.#phases.set(id, phase);
    return phase;
  }
}

function phaseTask(phase: ListrPhase): Task {
  return {
    title: phase.title,
    async task(_, wrapper: Wrapper) {
      phase.drawOn((title) => {
        wrapper.title = title;
      });
      // All tasks run at once, because the engine alone decides the order: until its phase begins a task must look idle.
      wrapper.task.state$ = ListrTaskState.WAITING;
      if ((await phase.begun) === 'never') return undefined;
      wrapper.task.state$ = ListrTaskState.STARTED;
      const steps = phase.steps.map((step) => stepTask(step));
      return wrapper.newListr([...steps, endTask(phase)], { concurrent: true, exitOnError: true });
    },
  };
}

/** A step is drawn from its beginning on, and no longer than there is something to see. */
function stepTask(step: ListrStep): Task {
  return {
    exitOnError: false,
    async task(_, wrapper: Wrapper) {
      step.drawOn((title, output) => {
        wrapper.title = title ?? null;
        wrapper.output = output ?? null;
      });
      await step.ended;
    },
  };
}

/** Without a line of its own: fails the phase when the engine says that it failed. */
function endTask(phase: ListrPhase): Task {
  return {
    async task() {
      await phase.ended;
    },
  };
}

function isColoured(colour: Paint): boolean {
  return colour.bold('x') !== 'x';
}

const colourless = Object.fromEntries(
  Object.keys(LISTR_DEFAULT_RENDERER_STYLE.color ?? {}).map((state) => [
    state,
    (text: string | undefined) => text ?? '',
  ]),
);

const icons = {
  [ListrTaskState.WAITING]: '·',
  COMPLETED_WITH_FAILED_SUBTASKS: '✖',
  FAILED_WITH_SUBTASKS: '✖',
};
