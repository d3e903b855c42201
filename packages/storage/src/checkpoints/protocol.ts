/** What the thread is asked; each question is answered in turn. */
export interface Question {
  id: number
  type: 'checkpoint' | 'close'
  /** Of the database file. */
  path: string
}

/** How many pages the write-ahead log holds, and how many of them are in the file now. */
export interface Progress {
  logged: number
  moved: number
}

export type Answer = { id: number; progress: Progress } | { id: number; error: string }
