// `npm run build`: the bundles and the console, where anything changed.
import { ensureInstalled, prepare } from './ensure.mjs'

ensureInstalled({ development: false })
prepare(['prisma', 'web', 'bundle'])
