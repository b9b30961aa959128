/** What the HTTP edge asks of how people are told; wiring/telling.ts hands it in. */
import type { ContactTested, ContactView, ContactWish } from '../api.ts'

export interface ContactDesk {
  view(operator: string): ContactView
  /** @throws VigieError edit-conflict, journal-unavailable */
  change(operator: string, wish: ContactWish, expected: number): Promise<ContactView>
  /** Sends one now, and says what came of it. @throws VigieError channel-unset, too-many-requests */
  test(operator: string, channel: 'sms' | 'mail'): Promise<ContactTested>
}
