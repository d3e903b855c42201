/** What this service needs of a log; `boot` makes one. No field ever holds a value. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
