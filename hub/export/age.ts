/**
 * Encrypted files in the age format (age-encryption.org/v1, X25519): backups and exports. The only importer of the library,
 * whose types stay here. Streaming: memory stays flat whatever the size.
 */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { VigieError } from '../errors.ts'

export type Bytes = ReadableStream<Uint8Array>

export interface Encrypted {
  readonly stream: Bytes
  /**
   * Decrypts what was written, with the key of this one file, which is in memory only for as long as this object is: so that
   * a copy can be checked by a program that holds no key to read it later. Rejects, at once or while streaming, where the
   * file is not what was encrypted.
   */
  readBack(file: Bytes): Promise<Bytes>
}

/** AGE-SECRET-KEY-1...: whoever holds it reads everything encrypted to its recipient. */
export const newIdentity = (): Promise<string> => generateX25519Identity()

/** age1... of AGE-SECRET-KEY-1... @throws VigieError age-key-invalid */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity)
  } catch (error) {
    throw new VigieError('age-key-invalid', { expected: 'AGE-SECRET-KEY-1...' }, { cause: error })
  }
}

/** @param recipients age1..., at least one @throws VigieError age-key-invalid */
export async function encrypt(plain: Bytes, recipients: readonly string[]): Promise<Encrypted> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) addRecipient(encrypter, recipient)
  let key: Uint8Array | undefined
  // Adds nothing to the file: it only hears of the key.
  encrypter.addRecipient({
    wrapFileKey: fileKey => {
      key = fileKey
      return []
    },
  })
  const stream = await encrypter.encrypt(plain)
  const readBack = (file: Bytes): Promise<Bytes> => {
    const decrypter = new Decrypter()
    decrypter.addIdentity({ unwrapFileKey: () => key ?? null })
    return decrypter.decrypt(file)
  }
  return { stream, readBack }
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch (error) {
    throw new VigieError('age-key-invalid', { expected: 'age1...' }, { cause: error })
  }
}

/**
 * The stream fails where the file was cut or changed: nothing it has given before that may be used.
 * @throws VigieError age-key-invalid; age-key-wrong; age-damaged where the file's head is none
 */
export async function decrypt(file: Bytes, identity: string): Promise<Bytes> {
  await recipientOf(identity)
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    return await decrypter.decrypt(file)
  } catch (error) {
    const wrong = error instanceof Error && /no identity matched/.test(error.message)
    throw new VigieError(wrong ? 'age-key-wrong' : 'age-damaged', {}, { cause: error })
  }
}
