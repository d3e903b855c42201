/**
 * The words of a command line, as a shell would split them: spaces, quotes and backslashes. Null where
 * it asks for more of a shell than that (pipes, redirections, substitutions), for there is none.
 */
export function splitCommand(line: string): string[] | null {
  const words: string[] = []
  let word = ''
  let isOpen = false
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (quote === "'") {
      if (char === "'") quote = ''
      else word += char
    } else if (char === '\\' && (quote === '' || /["\\$`]/.test(line.charAt(at + 1)))) {
      word += line.charAt(++at)
      isOpen = true
    } else if (quote === '"') {
      if (char === '"') quote = ''
      else if (char === '`' || (char === '$' && line.charAt(at + 1) === '(')) return null
      else word += char
    } else if (char === '"' || char === "'") {
      quote = char
      isOpen = true
    } else if (/\s/.test(char)) {
      if (char === '\n') return null
      if (isOpen) words.push(word)
      word = ''
      isOpen = false
    } else if (/[|&;<>()`]/.test(char) || (char === '$' && line.charAt(at + 1) === '(')) {
      return null
    } else {
      word += char
      isOpen = true
    }
  }
  if (quote !== '') return null
  if (isOpen) words.push(word)
  return words
}
