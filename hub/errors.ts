/**
 * The one table of failures: code, HTTP status, words. A refusal (a denied badge, a refused message) is a value and is
 * not here. Messages tell the person what to do next; `{field}` and the like are filled from the error's own details,
 * never from secrets or raw bytes.
 */
export const ERRORS = {
  'config-invalid': [
    500,
    'Setting {field} is not valid: {expected}. Correct the environment variable and start again.',
  ],
  'data-in-use': [409, 'Another hub is using the data folder {file}. Stop it first, or choose another VIGIE_DATA_DIR.'],
  'data-permissions': [500, '{file} can be read by other users. Run: chmod 600 {file}'],
  'key-missing': [
    500,
    'The journal key is missing: {file}. Restore it from where you keep it, or set VIGIE_JOURNAL_KEY; without it the data cannot be read.',
  ],
  'key-wrong': [500, 'The journal key does not open {file}. Check that the key belongs to this data folder.'],
  'port-in-use': [500, 'Port {port} is taken. Stop the other program or set {field}.'],
  'journal-unavailable': [
    503,
    'The journal cannot be written: {cause}. Free disk space or repair the disk; doors act by their failure mode until then.',
  ],
  'journal-damaged': [
    500,
    'The journal does not verify: row {row}, {cause}. Keep the file, do not repair it, and call your auditor.',
  ],
  'site-syntax': [422, '{file}:{line}:{column}: not JSON: {expected}. Nothing was changed.'],
  'site-invalid': [422, '{file}:{line}: {field}: {expected}. Nothing was changed.'],
  'site-conflict': [
    409,
    'Site id {field} cannot change while {count} devices hold certificates for it. Nothing was changed.',
  ],
  'device-exists': [409, 'Device {device} already holds a certificate. Use: vigie device renew {device}'],
  'device-unknown': [404, 'No device {device}. List them with: vigie device list'],
  'device-id-invalid': [422, 'Device id {field}: use 1 to 63 lower-case letters, digits and hyphens.'],
  'device-revoked': [
    409,
    'Device {device} is revoked. Add it again under a new id, or use: vigie device add {device} --again',
  ],
  'model-unknown': [422, 'No model {field}. Known models: {expected}.'],
  'enrol-code-invalid': [
    401,
    'This one-time code is unknown, used or expired. Make a new one with: vigie device code {device}',
  ],
  'tls-required': [403, 'Enrolment needs HTTPS. Use the HTTPS port.'],
  'enrol-code-required': [401, 'Give the device id as user and its one-time code as password.'],
  'csr-invalid': [400, 'The certificate request is not acceptable: {expected}.'],
  'authority-damaged': [
    500,
    '{file} does not hold a certificate and its key: {cause}. Restore it from a backup; without it every device must be enrolled again.',
  ],
  'authority-expired': [
    500,
    'The certificate authority expired on {date}. Correct the clock, or make a new authority and enrol every device again.',
  ],
  'client-certificate-required': [401, 'Renewing needs the present, valid client certificate.'],
  usage: [2, '{expected}'],
  'file-unreadable': [422, 'Cannot read {file}: {cause}.'],
  'file-unwritable': [500, 'Cannot write {file}: {cause}. Free disk space or correct the owner of the folder.'],
  'not-signed-in': [401, 'Sign in first.'],
  'not-allowed': [403, 'Your role does not allow this.'],
  'origin-refused': [403, 'This request comes from another site and was refused.'],
  'sign-in-refused': [401, 'Name or password is not right. Try again in {seconds} s.'],
  'setup-refused': [401, 'This setup link is used or expired. Restart the hub to print a new one.'],
  'password-weak': [422, 'Choose a password of 12 to 128 characters that is not your name.'],
  'input-invalid': [422, '{field}: {expected}.'],
  'not-found': [404, 'Nothing here.'],
  'host-refused': [421, 'Open this page as localhost or 127.0.0.1, or over HTTPS under the name in the certificate.'],
  'request-malformed': [400, 'The request could not be read: its address, its length or its JSON is not well formed.'],
  'body-too-large': [413, 'The request is larger than {limit} bytes.'],
  'media-type-unsupported': [415, 'Send the body as {expected}.'],
  'too-many-requests': [429, 'Too many requests. Try again in {seconds} s.'],
  internal: [500, 'Something failed in the hub. It is in the log under {id}.'],
} as const satisfies Record<string, readonly [number, string]>
export type ErrorCode = keyof typeof ERRORS
type Details = Readonly<Record<string, string | number>>

/** A failure from the table. `message` is ready for a person; `details` for a program. */
export class VigieError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: Details

  constructor(code: ErrorCode, details: Details = {}, options?: ErrorOptions) {
    super(fill(ERRORS[code][1], details), options)
    this.name = 'VigieError'
    this.code = code
    this.status = ERRORS[code][0]
    this.details = details
  }
}

function fill(words: string, details: Details): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'))
}

export const isVigieError = (e: unknown): e is VigieError => e instanceof VigieError
/** The words of anything thrown, without its stack. */
export const causeOf = (e: unknown): string => (e instanceof Error ? e.message : String(e))
