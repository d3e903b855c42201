import type { Random } from './random.ts'

/** How much of what may be there is there, and how strange it is. */
export type Shape = 'least' | 'plain' | 'strange'

export interface Generation {
  random: Random
  shape: Shape
  /** The value is part of a JSON text, so that anything may nest in it. */
  isJson: boolean
  /** The value stands in a form, which has fields for files. */
  isForm?: boolean
}

/** No value was found for a schema: the reason is counted, never passed over. */
export class NoValue extends RangeError {}
