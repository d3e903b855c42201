import type { Kernel } from './kernel.ts'

/**
 * `toLocaleString` as English has it, which QuickJS leaves out: numbers in groups, with the digits, the
 * percent sign or the currency that was asked for. What else is asked for is said in the log, since a
 * text that merely looks wrong is noticed by nobody.
 */
export function installLocale(kernel: Kernel): void {
  const { host, stringify } = kernel
  const SIGNS: Record<string, string> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹' }
  const WHOLE_CURRENCIES = ['JPY', 'KRW']
  const NUMBER_OPTIONS = [
    'style',
    'currency',
    'minimumFractionDigits',
    'maximumFractionDigits',
    'useGrouping',
  ]
  const DIGITS_MAX = 100
  const LONG_MIN = 1e21
  let isTold = false

  type Options = Record<string, unknown>
  const tell = (name: string, given: unknown): void => {
    if (isTold) return
    isTold = true
    host.log(
      'warn',
      `${name}: there is no Intl here, and ${stringify(given)} changes nothing. Format it by hand; every date is in UTC.`,
    )
  }
  const isEnglish = (locales: unknown): boolean =>
    locales === undefined || (typeof locales === 'string' && /^en\b/.test(locales))
  const digits = (value: unknown, fallback: number): number =>
    value === undefined
      ? fallback
      : Math.min(Math.max(Math.trunc(Number(value)) || 0, 0), DIGITS_MAX)
  const group = (text: string): string => text.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

  const toDigits = (size: number, least: number, most: number, isGrouped: boolean): string => {
    if (size >= LONG_MIN) return String(size)
    const [whole = '', fraction = ''] = size.toFixed(most).split('.')
    let end = fraction.length
    while (end > least && fraction[end - 1] === '0') end -= 1
    const grouped = isGrouped ? group(whole) : whole
    return end === 0 ? grouped : `${grouped}.${fraction.slice(0, end)}`
  }
  const formatNumber = (value: number, locales: unknown, options: Options): string => {
    const { style = 'decimal', currency, useGrouping = true } = options
    const unit = String(currency).toUpperCase()
    const isMoney = style === 'currency'
    const isPercent = style === 'percent'
    const isKnown =
      (style === 'decimal' || isPercent || (isMoney && unit in SIGNS)) &&
      Object.keys(options).every((name) => NUMBER_OPTIONS.includes(name))
    if (!isEnglish(locales) || !isKnown) tell('toLocaleString', { locales, ...options })
    if (Number.isNaN(value)) return 'NaN'
    const usual = isMoney && !WHOLE_CURRENCIES.includes(unit) ? 2 : 0
    const least = digits(options.minimumFractionDigits, usual)
    const usualMost = isMoney || isPercent ? usual : 3
    const most = Math.max(least, digits(options.maximumFractionDigits, Math.max(least, usualMost)))
    const size = Math.abs(isPercent ? value * 100 : value)
    const text =
      size === Infinity ? '∞' : toDigits(size, Math.min(least, most), most, useGrouping !== false)
    const minus = value < 0 ? '-' : ''
    const before = isMoney ? (SIGNS[unit] ?? `${unit}\u00a0`) : ''
    return `${minus}${before}${text}${isPercent ? '%' : ''}`
  }

  const two = (value: number): string => String(value).padStart(2, '0')
  const dayOf = (date: Date): string =>
    `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`
  const timeOf = (date: Date): string => {
    const hours = date.getHours()
    const clock = `${hours % 12 || 12}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    return `${clock} ${hours < 12 ? 'AM' : 'PM'}`
  }
  const dateFormat = (name: string, format: (date: Date) => string) =>
    function (this: Date, locales?: unknown, options?: Options | null): string {
      const { timeZone = 'UTC', ...others } = options ?? {}
      if (!isEnglish(locales) || timeZone !== 'UTC' || Object.keys(others).length > 0)
        tell(name, { locales, ...options })
      return Number.isNaN(this.getTime()) ? 'Invalid Date' : format(this)
    }

  const replace = (holder: object, name: string, value: unknown): void => {
    Object.defineProperty(holder, name, { value, writable: true, configurable: true })
  }
  replace(
    Number.prototype,
    'toLocaleString',
    function (this: number, locales?: unknown, options?: Options | null): string {
      return formatNumber(Number(this), locales, options ?? {})
    },
  )
  replace(BigInt.prototype, 'toLocaleString', function (this: bigint): string {
    return group(String(this))
  })
  const { prototype } = Date
  replace(prototype, 'toLocaleDateString', dateFormat('toLocaleDateString', dayOf))
  replace(prototype, 'toLocaleTimeString', dateFormat('toLocaleTimeString', timeOf))
  const moment = (date: Date): string => `${dayOf(date)}, ${timeOf(date)}`
  replace(prototype, 'toLocaleString', dateFormat('toLocaleString', moment))
}
