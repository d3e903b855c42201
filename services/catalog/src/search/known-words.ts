/** The words the parser knows, apart from those of the indexes. */
export interface KnownWords {
  knownWords: ReadonlySet<string>
  stem(word: string): string
}
