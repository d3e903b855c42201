// The package ships no types.
// biome-ignore lint/correctness/noUnresolvedImports: the package is CommonJS with an entry that is not an index file.
declare module 'wink-porter2-stemmer' {
  const stem: (word: string) => string
  export = stem
}
