/** Notifications in browsers: who subscribed with which, and one message to all of somebody's. */
import { randomBytes } from 'node:crypto'
import type { PushView, PushWish } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { Way } from '../flows/messages-sent.ts'
import { mayPushTo, type Notice, type Pushed, PushService } from '../notify/push.ts'
import { areKeys, makeSenderKeys, type SenderKeys } from '../notify/push-crypt.ts'
import { PUSH_KEYS } from '../record/ops-incidents.ts'
import { pushBrowser, pushBrowsers } from '../record/push-browsers.ts'
import { meta } from '../record/site.ts'
import type { Message, Outcome } from '../rules/telling.ts'
import type { ServiceNeeds } from './services.ts'

/** Of one person. */
const MOST = 10
type Needs = Pick<ServiceNeeds, 'config' | 'db' | 'op' | 'publish' | 'now'> & {
  /** Undefined where there is nothing to say of it. */
  readonly noticeOf: (message: Message) => Notice | undefined
}

export class Pushing {
  readonly #needs: Needs
  #service: PushService | undefined
  #key: string | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  get isOffered(): boolean {
    return this.#needs.config.pushContact !== ''
  }
  /** This hub's keys are made once. @throws VigieError journal-unavailable */
  async start(): Promise<void> {
    if (!this.isOffered) return
    const { config, db, op, now } = this.#needs
    const kept = meta(db, PUSH_KEYS) ?? (await op('keepPushKeys', { keys: JSON.stringify(makeSenderKeys()) }))
    const keys = JSON.parse(kept) as SenderKeys
    const { pushContact: contact, pushHosts: hosts, pushCa: ca } = config
    this.#service = new PushService({ keys, contact, hosts, ca, now })
    this.#key = keys.publicKey
  }

  has(operator: string): boolean {
    return this.isOffered && pushBrowsers(this.#needs.db, operator).length > 0
  }
  view(operator: string): PushView {
    const browsers = pushBrowsers(this.#needs.db, operator).map(({ id, name, at }) => ({ id, name, at }))
    return { browsers, ...(this.#key !== undefined && { key: this.#key }) }
  }
  /** @throws VigieError channel-unset, input-invalid, journal-unavailable */
  async add(operator: string, { endpoint, p256dh, auth, name = '' }: PushWish): Promise<PushView> {
    const { config, op, publish, now } = this.#needs
    if (!this.isOffered) throw new VigieError('channel-unset', { channel: 'push' })
    if (!mayPushTo(endpoint, config.pushHosts)) throw invalid('endpoint', SERVICE)
    if (!areKeys({ p256dh, auth })) throw invalid('p256dh', KEYS)
    const id = `pb-${randomBytes(8).toString('hex')}`
    const browser = { id, operator, endpoint, p256dh, auth, name, at: now() }
    for (const row of await op('addPushBrowser', { browser, most: MOST })) publish(row)
    return this.view(operator)
  }
  /** @throws VigieError browser-unknown, journal-unavailable */
  async drop(operator: string, id: string): Promise<PushView> {
    const { db, op, publish, now } = this.#needs
    if (pushBrowser(db, id)?.operator !== operator) throw new VigieError('browser-unknown', { browser: id })
    for (const row of await op('dropPushBrowser', { at: now(), id, by: operator })) publish(row)
    return this.view(operator)
  }

  /** To every browser of theirs: one that shows it is enough. */
  readonly way: Way = {
    send: async message => {
      const notice = this.#needs.noticeOf(message)
      const service = this.#service
      const browsers = pushBrowsers(this.#needs.db, message.operator)
      if (!service || !notice || browsers.length === 0) return { is: 'refused', cause: 'refused' }
      const came = await Promise.all(browsers.map(async one => [one.id, await service.send(one, notice)] as const))
      for (const [id, { is }] of came)
        if (is === 'gone') await this.#needs.op('dropPushBrowser', { at: this.#needs.now(), id })
      return best(came.map(([, pushed]) => pushed))
    },
  }
}

/** Shown by one of them, or by none yet, or by none ever. */
function best(came: readonly Pushed[]): Outcome {
  const left = came.filter((one): one is Outcome => one.is !== 'gone')
  const order = ['delivered', 'passing', 'refused'] as const
  for (const is of order) {
    const found = left.find(one => one.is === is)
    if (found) return found
  }
  return { is: 'refused', cause: 'refused' }
}

const SERVICE = {
  en: 'an address of a push service: of a browser’s maker, or listed in VIGIE_PUSH_HOSTS',
  fr: 'l’adresse d’un service de notification\u202f: celui du fabricant d’un navigateur, ou nommé dans VIGIE_PUSH_HOSTS',
}
const KEYS = {
  en: 'the keys of a browser’s subscription: a point of P-256, and 16 bytes',
  fr: 'les clés de l’abonnement d’un navigateur\u202f: un point de P-256, et 16 octets',
}
const invalid = (field: string, expected: { en: string; fr: string }): VigieError =>
  new VigieError('input-invalid', { field, expected })
