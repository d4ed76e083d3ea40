import type { RehearsedBundle } from './bundle/rehearsed-bundle.ts';
import type { SimulatedMachine } from './host/simulated-machine.ts';
import type { RehearsalFuse } from './power.ts';
import type { TroubleBoard } from './trouble-board.ts';
import type { Weather } from './weather.ts';

/** What a mishap may break. */
export interface Stage {
  readonly machines: readonly SimulatedMachine[];
  readonly fuse: RehearsalFuse;
  readonly troubles: TroubleBoard;
  /** What lies between the installer and the API server. */
  readonly weather: Weather;
  /** Every image of the catalog. */
  readonly images: readonly string[];
  /** What is installed from. */
  readonly bundle: Pick<RehearsedBundle, 'seal'>;
  jumpClock(milliseconds: number): void;
}

/** Something that goes wrong in a rehearsal, on demand. */
export interface Mishap {
  readonly name: string;
  /** One line for `--help` and the docs. */
  readonly summary: string;
  /** Phase or step at whose beginning it strikes when the user names none. */
  readonly at: string;
  /** What the place means to it, where it means more than a moment. */
  readonly places?: string;
  /** What the installer does about it, for the docs. */
  readonly outcome: string;
  strike(stage: Stage, at: string): void;
  /** What a person on site would do before the next run; absent where nothing is left to mend. */
  mend?(stage: Stage): void;
}
