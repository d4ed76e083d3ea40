import type { Entry } from '#ports/journal';
import type { Paint } from '#report/paint';
import { count, span } from '#report/said';
import type { ListrViewOptions } from './listr-view.ts';

type Of<Event extends Entry['event']> = Extract<Entry, { event: Event }>;

/** What a phase's task in the terminal list waits for and shows. Fed with events, knows nothing of listr2. */
export class ListrPhase {
  readonly title: string;
  readonly steps: ListrStep[] = [];
  readonly #options: ListrViewOptions;
  readonly #colour: Paint;
  readonly #begun = Promise.withResolvers<'began' | 'never'>();
  readonly #ended = Promise.withResolvers<void>();
  #open = 0;
  #changed = 0;
  #seconds = 0;
  #failed = false;
  /** By an interruption or a restart: nothing is wrong, and the next run goes on. */
  #stopped = false;
  #text: string;
  #draw: (title: string) => void = () => {};

  constructor(title: string, options: ListrViewOptions, colour: Paint) {
    this.title = title;
    this.#text = title;
    this.#options = options;
    this.#colour = colour;
    // Nobody may be listening yet, or any more, when a phase fails.
    this.#ended.promise.catch(() => {});
  }

  /** Events come before there is anything to draw on: what they left is drawn now. */
  drawOn(draw: (title: string) => void): void {
    this.#draw = draw;
    draw(this.#text);
  }

  get begun(): Promise<'began' | 'never'> {
    return this.#begun.promise;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  add(steps: readonly { readonly id: string; readonly title: string; readonly host: string }[]): void {
    for (const step of steps) this.steps.push(new ListrStep(step, this.#options));
  }

  show(entry: Entry): void {
    if (entry.event === 'phase-began') this.#begin();
    else if (entry.event === 'phase-ended') this.#end(entry);
    else if ('step' in entry) this.#showStep(entry);
  }

  #begin(): void {
    this.#open++;
    this.#begun.resolve('began');
    this.#redraw();
  }

  #showStep(entry: Extract<Entry, { step: string }>): void {
    const step = this.steps.find((one) => one.id === entry.step && one.host === entry.host);
    step?.show(entry);
    if (entry.event !== 'step-ended') return;
    if (entry.outcome === 'applied' || entry.outcome === 'planned') this.#changed++;
    this.#redraw();
  }

  #end({ outcome, seconds }: Of<'phase-ended'>): void {
    this.#open--;
    this.#seconds = Math.max(this.#seconds, seconds);
    this.#failed ||= outcome === 'failed';
    this.#stopped ||= outcome === 'stopped';
    const isLast = this.steps.every((step) => step.isOver) || this.#failed || this.#stopped;
    if (this.#open > 0 || !isLast) return;
    this.#redraw(`${span(this.#seconds)}${this.#stopped ? ', stopped here' : ''}`);
    this.#settle();
  }

  /** The run is over: what never began stays as it is, what is still open is closed. */
  close(): void {
    this.#begun.resolve('never');
    if (this.#open > 0) this.#failed = true;
    this.#settle();
  }

  tick(): void {
    for (const step of this.steps) step.tick();
  }

  #settle(): void {
    for (const step of this.steps) step.close();
    if (this.#failed) this.#ended.reject(new Error(this.title));
    else this.#ended.resolve();
  }

  #redraw(took?: string): void {
    const over = this.steps.filter((step) => step.isOver).length;
    const changed = this.#changed === 0 ? '' : `, ${this.#changed} changed`;
    const progress = took === undefined ? `${over}/${this.steps.length}` : `${count(over, 'step')}${changed}, ${took}`;
    this.#text = `${this.title}  ${this.#colour.dim(progress)}`;
    this.#draw(this.#text);
  }
}

/** What a step's task shows: nothing before it began, its wait while it waits, nothing again once it is as wanted. */
export class ListrStep {
  readonly id: string;
  readonly host: string;
  isOver = false;
  #begun = false;
  #draw: (title: string | undefined, output?: string) => void = () => {};
  readonly #title: string;
  readonly #options: ListrViewOptions;
  readonly #ended = Promise.withResolvers<void>();
  #wait: { entry: Of<'waiting'>; seen: number } | undefined;
  #changes = 0;
  #failed = false;

  constructor(step: { readonly id: string; readonly title: string; readonly host: string }, options: ListrViewOptions) {
    this.id = step.id;
    this.host = step.host;
    this.#title = step.title;
    this.#options = options;
    this.#ended.promise.catch(() => {});
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  drawOn(draw: (title: string | undefined, output?: string) => void): void {
    this.#draw = draw;
    if (this.#begun) this.#redraw();
  }

  show(entry: Extract<Entry, { step: string }>): void {
    this.#begun = true;
    if (entry.event === 'found') this.#changes = entry.changes.length;
    this.#wait = entry.event === 'waiting' ? { entry, seen: this.#options.elapsed() } : undefined;
    this.#failed ||= entry.event === 'failed';
    if (entry.event === 'failed') this.#ended.reject(new Error(`${this.#title}: ${entry.fault.message}`));
    if (entry.event === 'step-ended') this.close();
    else this.#redraw();
  }

  tick(): void {
    if (this.#wait !== undefined) this.#redraw();
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#wait = undefined;
    if (!this.#failed) this.#draw(undefined);
    this.#ended.resolve();
  }

  #redraw(): void {
    const changes = this.#changes === 0 ? '' : `  (${count(this.#changes, 'change')})`;
    this.#draw(`${this.#title}${changes}`, this.#wait === undefined ? undefined : this.#waiting(this.#wait));
  }

  #waiting({ entry, seen }: { entry: Of<'waiting'>; seen: number }): string {
    const milliseconds = Date.parse(entry.at) - Date.parse(entry.since) + (this.#options.elapsed() - seen);
    const waited = span(Math.max(0, Math.round(milliseconds / 1000)));
    const usual = this.#options.history?.gate(entry.step, entry.gate)?.p95;
    const usually = usual === undefined ? '' : `, p95 ${span(usual)}`;
    if (entry.slow !== true) return `${waited} for ${entry.gate}: ${entry.because}`;
    return `taking longer than usual: ${waited}${usually}, for ${entry.gate}: ${entry.because}`;
  }
}
