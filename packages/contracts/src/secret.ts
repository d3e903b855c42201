const REDACTED = '[secret]'

/**
 * Secret text that prints as `[secret]` wherever it is logged, serialized or interpolated by
 * mistake; `reveal()` is the one way to its value.
 */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return REDACTED
  }
  toJSON(): string {
    return REDACTED
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED
  }
}
