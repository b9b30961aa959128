/** What the HTTP edge asks of how people are told; wiring/telling.ts hands it in. */
import type { ContactTested, ContactView, ContactWish, PushView, PushWish } from '../api.ts'
import type { Channel } from '../rules/telling.ts'

export interface ContactDesk {
  push(operator: string): PushView
  /** @throws VigieError channel-unset, input-invalid, journal-unavailable */
  addBrowser(operator: string, wish: PushWish): Promise<PushView>
  /** @throws VigieError browser-unknown, journal-unavailable */
  dropBrowser(operator: string, id: string): Promise<PushView>
  view(operator: string): ContactView
  /** @throws VigieError edit-conflict, journal-unavailable */
  change(operator: string, wish: ContactWish, expected: number): Promise<ContactView>
  /** Sends one now, and says what came of it. @throws VigieError channel-unset, too-many-requests */
  test(operator: string, channel: Channel): Promise<ContactTested>
}
