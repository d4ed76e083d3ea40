#!/usr/bin/env -S node --max-semi-space-size=2 --max-old-space-size=256
// The heap is kept small: this runs beside the virtual machines of a full node (docs/benchmarks.md).
// The way in. Plain JavaScript that any Node can read: an old one must be refused in words, not by a syntax error,
// and a file without types is not slowed down by having them stripped.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    'Novasphere needs Node 24.15 or newer, and this is Node ' +
      process.versions.node +
      '.\n  try  scripts/novasphere, which brings the right Node along\n',
  );
  process.exit(1);
} else {
  void import('./start.js');
}
