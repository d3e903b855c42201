import { ToolFile } from '@executor/contracts'
import { type ContentBlock, isContentBlock } from './mcp-block.ts'
import { toShownText, whereWhole } from './shown-text.ts'

const FILE_TEXT_CHARS_MAX = 64_000
/** Blocks of one result; more are counted. */
const BLOCKS_MAX = 1_000
/** Characters of the texts among them, after which the rest is counted too. */
const BLOCK_TEXTS_CHARS_MAX = 1_000_000

/** What a script emitted, as MCP shows it: as much as a client can be expected to take in. */
export function toContentBlocks(emitted: readonly unknown[], executionId: string): ContentBlock[] {
  const blocks: ContentBlock[] = []
  let textChars = 0
  for (const value of emitted) {
    if (blocks.length === BLOCKS_MAX || textChars > BLOCK_TEXTS_CHARS_MAX) {
      const rest = emitted.length - blocks.length
      const text = `[${rest} more were emitted.${whereWhole(executionId)}]`
      return [...blocks, { type: 'text', text }]
    }
    const block = toContentBlock(value)
    blocks.push(block)
    if (typeof block.text === 'string') textChars += block.text.length
  }
  return blocks
}

/** Content blocks pass, files become what they are, the rest is text. */
function toContentBlock(value: unknown): ContentBlock {
  const file = ToolFile.safeParse(value)
  const block: unknown = file.success ? fileBlock(file.data) : value
  if (isContentBlock(block)) return block
  return { type: 'text', text: toShownText(value) }
}

function fileBlock({ name = 'file', mimeType, data }: ToolFile): ContentBlock {
  if (mimeType.startsWith('image/')) return { type: 'image', data, mimeType }
  if (mimeType.startsWith('audio/')) return { type: 'audio', data, mimeType }
  if (/^text\/|[/+](json|xml|yaml)\b/.test(mimeType)) {
    const text = Buffer.from(data, 'base64').toString()
    return { type: 'text', text: text.slice(0, FILE_TEXT_CHARS_MAX) }
  }
  const uri = `file:///${encodeURIComponent(name)}`
  return { type: 'resource', resource: { uri, mimeType, blob: data } }
}
