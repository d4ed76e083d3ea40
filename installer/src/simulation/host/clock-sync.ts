import type { SimulatedMachine } from './simulated-machine.ts';

const someAnswers = 10_000;

/** A time server is asked a few times before the clock is believed. */
export function synchronizeSoon(machine: SimulatedMachine): void {
  machine.synchronizedAt = Math.min(machine.synchronizedAt, machine.clock.elapsed() + someAnswers);
}

export function isSynchronized(machine: SimulatedMachine): boolean {
  return !machine.troubles.clockLost && machine.clock.elapsed() >= machine.synchronizedAt;
}
