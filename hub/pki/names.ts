/** The names and addresses a hub is reached by, for its server certificate. */
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

const DNS_NAME = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/

export interface AlternativeName {
  readonly type: 'dns' | 'ip'
  readonly value: string
}

/** This machine's own names and addresses. Link-local IPv6 is left out: it means nothing without its interface. */
export function machineHosts(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap(i => i ?? [])
  const reachable = addresses.map(a => a.address).filter(a => !a.toLowerCase().startsWith('fe80:'))
  return ['localhost', '127.0.0.1', '::1', hostname(), ...reachable]
}

/** Sorted and without doubles, so that the same set of names always gives the same certificate extension. */
export function alternativeNames(hosts: readonly string[]): AlternativeName[] {
  const distinct = [...new Set(hosts.map(h => h.toLowerCase()))].sort()
  return distinct.flatMap((value): AlternativeName[] => {
    if (isIP(value)) return [{ type: 'ip', value }]
    return DNS_NAME.test(value) && value.length <= 253 ? [{ type: 'dns', value }] : []
  })
}
