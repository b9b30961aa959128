/** Why no passkey came of it. `gone`: the person closed the browser's dialog, or let it run out. */
export type PasskeyFault = 'gone' | 'known' | 'address' | 'unsuited' | 'failed'

export class PasskeyError extends Error {
  readonly fault: PasskeyFault

  constructor(fault: PasskeyFault, cause: unknown) {
    super(`passkey: ${fault}`, { cause })
    this.name = 'PasskeyError'
    this.fault = fault
  }
}

/**
 * Whether passkeys can work on this page: the browser knows them, the connection is trusted, and the address is a name
 * (WebAuthn Level 3, 5.1.2: an IP address is no relying party).
 */
export function passkeysWork(here: Pick<Location, 'hostname'> = location): boolean {
  const named = !/^\[|^[\d.]+$/.test(here.hostname)
  return named && window.isSecureContext && 'PublicKeyCredential' in window
}

const DEVICES: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
]
/** A first name for what holds the key, from the browser's own words about itself. */
export const deviceName = (userAgent: string): string | undefined => DEVICES.find(([what]) => what.test(userAgent))?.[1]
