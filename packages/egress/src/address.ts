import ipaddr from 'ipaddr.js'

/** Which addresses of this machine and its networks may be reached; public ones always may. */
export type LocalNetworkAccess = 'none' | 'loopback' | 'all'

/** `never`: no setting opens it. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'never'

/**
 * Endpoints that hand out credentials of the machine to whoever asks from it. Nothing that calls
 * itself an API lives there, so no setting opens them. Link-local ones are `never` by their range.
 */
const METADATA_ADDRESSES = new Set([
  '168.63.129.16', // Azure's wire server
  '100.100.100.200', // Alibaba Cloud
  'fd00:ec2::254', // EC2
  'fd00:ec2::23', // EKS pod identity
  'fd20:ce::254', // Google Cloud
])

const PRIVATE_RANGES = new Set(['private', 'uniqueLocal', 'carrierGradeNat'])

/** Says what kind of network an IP address, in any notation, belongs to. */
export function classifyAddress(address: string): AddressKind {
  // A zone (`fe80::1%eth0`) only ever names an interface of this machine.
  if (address.includes('%') || !ipaddr.isValid(address)) return 'never'
  const parsed = ipaddr.parse(address)
  return parsed.kind() === 'ipv4'
    ? classifyIpv4(parsed as ipaddr.IPv4)
    : classifyIpv6(parsed as ipaddr.IPv6)
}

/** Whether `access` lets a connection go to this address. */
export function isAddressAllowed(address: string, access: LocalNetworkAccess): boolean {
  switch (classifyAddress(address)) {
    case 'public':
      return true
    case 'loopback':
      return access !== 'none'
    case 'private':
      return access === 'all'
    case 'never':
      return false
  }
}

function classifyIpv4(address: ipaddr.IPv4): AddressKind {
  if (METADATA_ADDRESSES.has(address.toString())) return 'never'
  const range = address.range()
  if (range === 'unicast') return 'public'
  if (range === 'loopback') return 'loopback'
  if (PRIVATE_RANGES.has(range)) return 'private'
  // Resolvers of local proxies answer every name with an address of the benchmarking range.
  if (address.match(BENCHMARKING, 15)) return 'private'
  return 'never'
}

const BENCHMARKING = ipaddr.IPv4.parse('198.18.0.0')
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')

function classifyIpv6(address: ipaddr.IPv6): AddressKind {
  if (METADATA_ADDRESSES.has(address.toString())) return 'never'
  const range = address.range()
  if (range === 'ipv4Mapped') return classifyIpv4(address.toIPv4Address())
  if (range === 'rfc6052' || range === '6to4') return classifyTranslated(address, range)
  if (range === 'loopback') return 'loopback'
  if (PRIVATE_RANGES.has(range)) return 'private'
  // Outside 2000::/3 lie IPv4-compatible addresses (`::7f00:1`) and what nobody was given yet.
  return range === 'unicast' && address.match(GLOBAL_UNICAST, 3) ? 'public' : 'never'
}

/** NAT64 and 6to4 carry an IPv4 address through a gateway: only to public ones. */
function classifyTranslated(address: ipaddr.IPv6, range: 'rfc6052' | '6to4'): AddressKind {
  const parts = address.parts
  // The local-use NAT64 prefix (RFC 8215) puts the IPv4 address wherever its operator chose.
  if (range === 'rfc6052' && parts[2] !== 0) return 'never'
  const [high = 0, low = 0] = range === '6to4' ? parts.slice(1, 3) : parts.slice(6, 8)
  const embedded = new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255])
  return classifyIpv4(embedded) === 'public' ? 'public' : 'never'
}
