import { installAbort } from './abort.ts'
import { installAbsent } from './absent.ts'
import { createKernel } from './base.ts'
import { installBase64 } from './base64.ts'
import { installClone } from './clone.ts'
import { installConsole } from './console.ts'
import { installInspect } from './inspect.ts'
import { installJson } from './json.ts'
import { installLocale } from './locale.ts'
import { installOutcome } from './outcome.ts'
import { installRandom } from './random.ts'
import { installText } from './text.ts'
import { installTimers } from './timers.ts'
import { installTools } from './tools.ts'
import { installUrl } from './url.ts'

/** In this order: later ones use what earlier ones define. */
const INSTALLERS = [
  installInspect,
  installJson,
  installTools,
  installConsole,
  installLocale,
  installRandom,
  installTimers,
  installBase64,
  installText,
  installUrl,
  installAbort,
  installClone,
  installAbsent,
  installOutcome,
]

/** The text of a function from `HostFunctions` to `Entries` that sets up a sandbox's globals. */
export function globalsProgram(): string {
  const installs = INSTALLERS.map((install) => `(${install})(kernel);`).join('\n')
  return `(function (host) { const kernel = (${createKernel})(host);\n${installs}\nreturn kernel.entries })`
}
