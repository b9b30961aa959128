/** What the HTTP edge asks of outgoing webhooks. Each throws VigieError with what stands in the way. */
import type {
  WebhookChange,
  WebhookDeadList,
  WebhookDeliveries,
  WebhookList,
  WebhookMade,
  WebhookRequest,
  WebhookTried,
  WebhookView,
} from '../api.ts'
import type { AskingTenant } from './tenant-ports.ts'

/** Who asks: an operator sees all of them, an application its own. */
export interface WebhookAsker {
  /** Pseudonym, or `tenant:<id>`. */
  readonly by: string
  /** May learn of guarded kinds. */
  readonly guarded: boolean
  readonly tenant?: AskingTenant
}
export interface WebhookDesk {
  list(who: WebhookAsker): WebhookList
  /** @throws VigieError webhook-unknown */
  view(id: string, who: WebhookAsker): WebhookView
  /** @throws VigieError webhooks-closed, webhook-host, webhooks-full, zone-unknown, tenant-scope, not-allowed */
  create(wish: WebhookRequest, who: WebhookAsker): Promise<WebhookMade>
  /** @throws VigieError webhook-unknown, webhook-foreign, webhook-ended, webhook-host, edit-conflict */
  change(id: string, change: WebhookChange, expected: number, who: WebhookAsker): Promise<WebhookView>
  /** @throws VigieError webhook-unknown */
  remove(id: string, who: WebhookAsker): Promise<void>
  /** Signs beside the one before for a day. @throws VigieError webhook-unknown, webhook-foreign */
  newSecret(id: string, who: WebhookAsker): Promise<WebhookMade>
  /** @throws VigieError webhook-unknown, too-many-requests */
  test(id: string, who: WebhookAsker): Promise<WebhookTried>
  deliveries(id: string, who: WebhookAsker): WebhookDeliveries
  /** @param page.before a seq, exclusive */
  dead(id: string, page: { readonly before?: number; readonly limit: number }, who: WebhookAsker): WebhookDeadList
  /** @throws VigieError webhook-unknown, webhook-dead-unknown, webhook-row-gone, webhook-ended, too-many-requests */
  redeliver(id: string, seq: number, who: WebhookAsker): Promise<WebhookTried>
}
