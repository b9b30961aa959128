/** What log servers and witnesses share. */
import { hostname } from 'node:os'
import type { DestinationEvent } from '../events.ts'
import type { Sender } from '../export/syslog-text.ts'
import { Destination } from '../flows/destination.ts'
import type { SyslogOptions } from '../notify/syslog.ts'
import { isFailing } from '../record/forwarded.ts'
import { originOf } from '../record/signing.ts'
import type { ServiceNeeds } from './services.ts'

/** RFC 5425, 4.1. */
const SYSLOG_TLS_PORT = 6514

export const senderOf = (needs: Pick<ServiceNeeds, 'db' | 'registry'>): Sender => ({
  host: hostname(),
  pid: process.pid,
  journal: originOf(needs.db),
  site: needs.registry().site.site.id ?? 'vigie',
})

/** @param address tls://host:port, as config.ts takes it */
export function serverOf(
  address: string,
  config: ServiceNeeds['config'],
): Pick<SyslogOptions, 'host' | 'port' | 'files'> {
  const { hostname: host, port } = new URL(address.replace(/^tls:/, 'https:'))
  const { syslogCa: ca, syslogCert: cert, syslogKey: key } = config
  const named = /:\d+$/.exec(address) // a port that https would leave out
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: named ? Number(named[0].slice(1)) : Number(port || SYSLOG_TLS_PORT),
    files: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
  }
}

export const destinationOf = (needs: ServiceNeeds, name: string, purpose: DestinationEvent['purpose']): Destination =>
  new Destination({
    name,
    purpose,
    failing: isFailing(needs.db, name),
    tell: needs.tell,
    mark: async failing => void (await needs.op('markDestination', { destination: name, failing })),
    log: needs.log,
  })
