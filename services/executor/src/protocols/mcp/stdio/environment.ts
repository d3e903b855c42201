/**
 * What a program needs to be found, to know its user, and to speak the user's language. Nothing else
 * of ours reaches a server: keys, tokens and proxies of this process are none of its business.
 */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
]

/** The part of our environment that servers get beside what was configured for them. */
export function serverEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const name of INHERITED) {
    const value = variables[name]
    // Old shells put functions there.
    if (value !== undefined && !value.startsWith('()')) environment[name] = value
  }
  return environment
}
