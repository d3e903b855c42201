import type { Kernel } from './kernel.ts'

/** `Math.random` and `crypto`: a function of the run's seed, so that a replay draws the same. */
export function installRandom(kernel: Kernel): void {
  const { imul } = Math
  const state = new Uint32Array(4)

  // xmur3 spreads the seed over the state of sfc32; both are public domain and pass PractRand.
  const spread = (seed: string): void => {
    let hash = 1779033703 ^ seed.length
    for (let index = 0; index < seed.length; index += 1) {
      hash = imul(hash ^ seed.charCodeAt(index), 3432918353)
      hash = (hash << 13) | (hash >>> 19)
    }
    for (let index = 0; index < 4; index += 1) {
      hash = imul(hash ^ (hash >>> 16), 2246822507)
      hash = imul(hash ^ (hash >>> 13), 3266489909)
      hash ^= hash >>> 16
      state[index] = hash
    }
  }
  const draw = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = [state[0], state[1], state[2], state[3]]
    const sum = (a + b + d) | 0
    state[3] = d + 1
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }

  kernel.random = () => (draw() * 2 ** 21 + (draw() >>> 11)) / 2 ** 53
  kernel.seeded.push((seed) => {
    spread(seed)
    for (let round = 0; round < 12; round += 1) draw()
  })
  Math.random = () => kernel.random()

  const fill = <T extends ArrayBufferView>(view: T): T => {
    if (!ArrayBuffer.isView(view)) throw new TypeError('getRandomValues needs a typed array.')
    if (view.byteLength > 65_536) throw new RangeError('getRandomValues fills at most 65536 bytes.')
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = draw()
    return view
  }
  const hex = (byte: number): string => (byte < 16 ? '0' : '') + byte.toString(16)
  kernel.define('crypto', {
    getRandomValues: fill,
    randomUUID: () => {
      const bytes = fill(new Uint8Array(16))
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      let text = ''
      for (let index = 0; index < 16; index += 1) {
        if (index === 4 || index === 6 || index === 8 || index === 10) text += '-'
        text += hex(bytes[index] ?? 0)
      }
      return text
    },
  })
}
