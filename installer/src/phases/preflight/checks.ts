import type { Check } from './check.ts';
import { cgroupVersion } from './checks/cgroup.ts';
import { clockSane } from './checks/clock.ts';
import { devicesFit } from './checks/devices.ts';
import { firmwareMode } from './checks/firmware.ts';
import { linksUp } from './checks/links.ts';
import { memoryEnough } from './checks/memory.ts';
import { networksApart } from './checks/networks.ts';
import { operatingSystem } from './checks/operating-system.ts';
import { portsFree } from './checks/ports.ts';
import { processor } from './checks/processor.ts';
import { defaultRoute } from './checks/route.ts';
import { noOtherRuntime } from './checks/runtimes.ts';
import { spaceEnough } from './checks/space.ts';

/** What is looked at before anything is touched, in the order in which a person would walk around the machine. */
export const checks: readonly Check[] = [
  operatingSystem,
  processor,
  memoryEnough,
  cgroupVersion,
  firmwareMode,
  devicesFit,
  spaceEnough,
  linksUp,
  defaultRoute,
  networksApart,
  portsFree,
  clockSane,
  noOtherRuntime,
];
