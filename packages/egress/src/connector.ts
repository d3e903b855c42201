import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { ServiceError } from '@executor/contracts'
import { buildConnector } from 'undici'
import { classifyAddress, isAddressAllowed, type LocalNetworkAccess } from './address.ts'
import { blockedError } from './failure.ts'

/** Resolves a name to every address it has. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Opens connections to allowed addresses only. The name is resolved once, inside the connection
 * attempt, and the socket goes to the addresses that were checked: a second answer of a rebinding
 * name server is never asked for.
 */
export function createConnector(
  access: LocalNetworkAccess,
  connectTimeoutMs: number,
  resolve: Resolve = systemLookup,
): buildConnector.connector {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: createGuardedLookup(access, resolve),
    allowH2: false,
  })
  return (options, callback) => {
    // Node looks no literal up.
    if (isIP(options.hostname) !== 0 && !isAddressAllowed(options.hostname, access)) {
      callback(blockedAddress(options.hostname, options.hostname, access), null)
      return
    }
    connect(options, (error, socket) => {
      if (error) return callback(error, null)
      const address = socket.remoteAddress
      if (address === undefined || !isAddressAllowed(address, access)) {
        socket.on('error', () => {}).destroy()
        return callback(blockedAddress(options.hostname, address ?? 'unknown', access), null)
      }
      callback(null, socket)
    })
  }
}

function createGuardedLookup(access: LocalNetworkAccess, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const allowed = addresses.filter(({ address }) => isAddressAllowed(address, access))
      const first = allowed[0]
      if (!first) {
        const blocked = blockedAddress(hostname, addresses[0]?.address ?? 'nothing', access)
        return callback(blocked, '', 0)
      }
      if (options.all) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function blockedAddress(host: string, address: string, access: LocalNetworkAccess): ServiceError {
  const kind = classifyAddress(address)
  const what = `The request to ${host} is not sent: ${host === address ? 'it' : address} is ${DESCRIPTIONS[kind]}.`
  if (kind === 'loopback')
    return blockedError(host, what, 'EXECUTOR_ALLOW_LOCAL_NETWORK=loopback opens it.')
  if (kind === 'private' && access !== 'all')
    return blockedError(host, what, 'EXECUTOR_ALLOW_LOCAL_NETWORK=all opens it.')
  return blockedError(host, what, 'No setting opens it.')
}

const DESCRIPTIONS = {
  public: 'a public address',
  loopback: 'an address of this machine',
  private: 'an address of a private network',
  never: 'an address that is reserved, link-local or a metadata service',
}
