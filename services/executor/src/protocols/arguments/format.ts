const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/
// Without a zone, or with a space for the T: documents demand the strict form, servers seldom do.
const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,12})?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

interface Format {
  matches(value: string): boolean
  example: string
}

/** Only formats whose violation is beyond doubt; the rest is between caller and upstream. */
export const TEXT_FORMATS: Readonly<Record<string, Format>> = {
  date: { matches: (value) => DATE.test(value), example: '2026-07-01' },
  'date-time': { matches: (value) => DATE_TIME.test(value), example: '2026-07-01T12:00:00Z' },
  uuid: { matches: (value) => UUID.test(value), example: '123e4567-e89b-12d3-a456-426614174000' },
  email: {
    matches: (value) => value.indexOf('@') > 0 && !value.includes(' '),
    example: 'name@example.com',
  },
}
