/** The browser's side of passkeys. Loaded when somebody reaches for one. */
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser'
import type { BodyOf } from './client.ts'
import { PasskeyError, type PasskeyFault } from './passkey-error.ts'

const FAULTS: Readonly<Partial<Record<WebAuthnError['code'], PasskeyFault>>> = {
  ERROR_CEREMONY_ABORTED: 'gone',
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: 'known',
  ERROR_INVALID_DOMAIN: 'address',
  ERROR_INVALID_RP_ID: 'address',
  ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT: 'unsuited',
  ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT: 'unsuited',
  ERROR_AUTHENTICATOR_NO_SUPPORTED_PUBKEYCREDPARAMS_ALG: 'unsuited',
}

function faultOf(e: unknown): PasskeyFault {
  const known = e instanceof WebAuthnError ? FAULTS[e.code] : undefined
  if (known) return known
  // By intent the browser gives one name to a closed dialog, a passed time and no passkey (WebAuthn Level 3, 14.5.1).
  return e instanceof Error && (e.name === 'NotAllowedError' || e.name === 'AbortError') ? 'gone' : 'failed'
}
async function tried<T>(ceremony: Promise<T>): Promise<T> {
  try {
    return await ceremony
  } catch (cause) {
    throw new PasskeyError(faultOf(cause), cause)
  }
}

type Read = BodyOf<'post', '/api/v1/session/passkey'>['passkey']
type Made = BodyOf<'post', '/api/v1/account/passkeys'>['passkey']
/** The browser's own types leave open what the hub then checks. */
const said = <T>(answer: unknown): T => answer as T

/** @param options of the hub. @throws PasskeyError */
export const readPasskey = async (options: unknown): Promise<Read> =>
  said<Read>(await tried(startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON })))
/** @param options of the hub. @throws PasskeyError */
export const makePasskey = async (options: unknown): Promise<Made> =>
  said<Made>(await tried(startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })))
