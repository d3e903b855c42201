import type { HealthCheckResult, Secret } from '@executor/contracts'

const DETAIL_CHARS_MAX = 500
const IDENTITY_CHARS_MAX = 256
const SAMPLE_CHARS_MAX = 200
/** Shorter ones would be found everywhere, and masking them would tell where. */
const MASKED_CHARS_MIN = 4
const MASK = '[secret]'

export function degradedHealth(checkedAt: number, detail: string): HealthCheckResult {
  return { status: 'degraded', checkedAt, detail }
}

/** What a probe found, as it is shown: judged by its status, bounded, without the credential. */
export function toHealth(
  found: HealthCheckResult,
  values: ReadonlyMap<string, Secret>,
): HealthCheckResult {
  const mask = createMask(values)
  const { detail, identity, responseSample, ...rest } = found
  return {
    ...rest,
    status: judge(found),
    ...(detail === undefined ? {} : { detail: mask(detail).slice(0, DETAIL_CHARS_MAX) }),
    ...(identity === undefined ? {} : { identity: mask(identity).slice(0, IDENTITY_CHARS_MAX) }),
    ...(responseSample === undefined
      ? {}
      : {
          responseSample: responseSample.map(({ path, value }) => ({
            path: mask(path).slice(0, SAMPLE_CHARS_MAX),
            value: mask(value).slice(0, SAMPLE_CHARS_MAX),
          })),
        }),
  }
}

/** The part that is kept: a sample is for whoever asked for it, not for every list. */
export function toKeptHealth({ responseSample: _, ...kept }: HealthCheckResult): HealthCheckResult {
  return kept
}

/** A refusal means the credential; any other failure may be the upstream's own. */
function judge({ status, httpStatus }: HealthCheckResult): HealthCheckResult['status'] {
  if (httpStatus === 401 || httpStatus === 403) return 'expired'
  if (httpStatus !== undefined && (httpStatus < 200 || httpStatus > 299)) return 'degraded'
  return status
}

/** Replaces the values in every form in which an upstream is likely to echo them. */
export function createMask(values: ReadonlyMap<string, Secret>): (text: string) => string {
  const plain = [...values.values()].map((value) => value.reveal())
  const pairs = plain.flatMap((one) => plain.map((other) => `${one}:${other}`))
  const forms = [...plain, ...pairs]
    .filter((form) => form.length >= MASKED_CHARS_MIN)
    .flatMap((form) => [
      form,
      encodeURIComponent(form.toWellFormed()),
      escapeJson(form),
      ...toBase64(form),
    ])
    .sort((one, other) => other.length - one.length)
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}

function escapeJson(form: string): string {
  return JSON.stringify(form).slice(1, -1)
}

function toBase64(form: string): string[] {
  const bytes = Buffer.from(form)
  return [bytes.toString('base64'), bytes.toString('base64url')]
}
