import { describe, expect, it } from 'vitest'
import { classifyAddress, isAddressAllowed } from './address.ts'

describe('classifyAddress', () => {
  it.each([
    ['93.184.216.34', 'public'],
    ['2606:4700:4700::1111', 'public'],
    ['64:ff9b::5db8:d822', 'public'],
    ['2002:5db8:d822::1', 'public'],
    ['::ffff:93.184.216.34', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['198.18.0.7', 'private'],
    ['fd12:3456::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['0.0.0.0', 'never'],
    ['0.1.2.3', 'never'],
    ['::', 'never'],
    ['169.254.169.254', 'never'],
    ['169.254.170.2', 'never'],
    ['::ffff:169.254.169.254', 'never'],
    ['100.100.100.200', 'never'],
    ['168.63.129.16', 'never'],
    ['fd00:ec2::254', 'never'],
    ['fd00:0ec2:0:0:0:0:0:0254', 'never'],
    ['fd20:ce::254', 'never'],
    ['fe80::1', 'never'],
    ['fe80::1%eth0', 'never'],
    ['fec0::1', 'never'],
    ['224.0.0.1', 'never'],
    ['ff02::1', 'never'],
    ['255.255.255.255', 'never'],
    ['240.0.0.1', 'never'],
    ['192.0.2.1', 'never'],
    ['192.0.0.192', 'never'],
    ['2001:db8::1', 'never'],
    ['2001:0:7f00:1::', 'never'],
    ['::7f00:1', 'never'],
    ['::2', 'never'],
    ['64:ff9b::7f00:1', 'never'],
    ['64:ff9b::a9fe:a9fe', 'never'],
    ['64:ff9b:1::5db8:d822', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2002:c0a8:101::1', 'never'],
    ['::ffff:0:7f00:1', 'never'],
    ['100::1', 'never'],
    ['5f00::1', 'never'],
    ['not an address', 'never'],
  ])('%s is %s', (address, kind) => {
    const classified = classifyAddress(address)

    expect(classified).toBe(kind)
  })
})

describe('isAddressAllowed', () => {
  it.each([
    ['127.0.0.1', 'none', false],
    ['127.0.0.1', 'loopback', true],
    ['192.168.1.1', 'loopback', false],
    ['192.168.1.1', 'all', true],
    ['169.254.169.254', 'all', false],
    ['93.184.216.34', 'none', true],
  ] as const)('%s under "%s": %s', (address, access, allowed) => {
    const answer = isAddressAllowed(address, access)

    expect(answer).toBe(allowed)
  })
})
