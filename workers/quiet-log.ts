import { Logger } from '@babylonjs/core/Misc/logger.js';

const QUIET = Logger.WarningLogLevel | Logger.ErrorLogLevel;

let holders = 0;
let before = 0;

/** Keeps Babylon's banner and notes out of the log, warnings and errors not, until what it returns is called. */
export function holdQuietLog(): () => void {
  if (holders++ === 0) {
    before = Logger.LogLevels;
    Logger.LogLevels = QUIET;
  }
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    if (--holders === 0 && Logger.LogLevels === QUIET) Logger.LogLevels = before; // unless somebody has set it since
  };
}
