import { systemClock } from '#adapters/system-clock';
import type { FetchEvent } from '#bundle/fetch/fetch-all';
import { Progress } from '#bundle/fetch/progress';
import { liveLine, plainLine } from '#bundle/fetch/progress-lines';
import type { Terminal } from '../terminal.ts';

export interface ShownProgress {
  see(event: FetchEvent): void;
  /** Ends the line. */
  end(): void;
  /** Says how it stands. */
  tell(): void;
}

/** Often enough to look alive, seldom enough for a serial line. */
const liveEvery = 200;
const plainEvery = 10_000;

/** Shows how downloads go on: one line that lives on a terminal, a line each ten seconds anywhere else. */
export function showProgress(
  jobs: readonly { readonly name: string; readonly size: number }[],
  terminal: Terminal,
): ShownProgress {
  const clock = systemClock();
  const progress = new Progress(jobs);
  const live = terminal.stderrIsTTY;
  const show = () => {
    const state = progress.at(clock.elapsed());
    if (live) terminal.tell(`\r\u001B[2K${liveLine(state, terminal)}`);
    else terminal.tell(`${plainLine(state)}\n`);
  };
  const timer = setInterval(show, live ? liveEvery : plainEvery);
  return {
    see: (event) => progress.see(event, clock.elapsed()),
    end() {
      clearInterval(timer);
      if (live) terminal.tell('\r\u001B[2K');
    },
    tell() {
      if (jobs.length > 0) terminal.tell(`${plainLine(progress.at(clock.elapsed()))}\n`);
    },
  };
}
