import { describe, expect, it } from 'vitest'
import { mailOf, smsOf, type ToTell, testSms } from './alert-words.ts'

const one: ToTell = {
  ...{ kind: 'intrusion', severity: 'critical', site: 'CH d’essai', place: 'Pharmacie <T15>', at: '02:46' },
  ...{ signals: 5, step: 1, link: 'https://vigie.test/alerts?id=in-0123456789abcdef' },
}

describe('a mail', () => {
  it('says what, where, since when, and where to take it, as text and as HTML', () => {
    const { subject, text, html } = mailOf(one, 'fr')
    expect(subject).toBe('[Vigie] ALERTE\u00a0: Intrusion, Pharmacie <T15>')
    for (const part of ['Pharmacie <T15>', '02:46', one.link, 'Signaux\u00a0: 5']) expect(text).toContain(part)
    expect(html).toContain('Pharmacie &lt;T15&gt;')
    expect(html).not.toMatch(/<T15>|src=|url\(/)
    expect(mailOf({ ...one, severity: 'warning', kind: 'door-held' }, 'en').subject).toBe(
      '[Vigie] Warning: Door held open, Pharmacie <T15>',
    )
  })
  it('has no link where the hub does not know its address', () => {
    const { text, html } = mailOf({ ...one, link: '' }, 'en')
    expect(`${text}${html}`).not.toMatch(/href|Take the alert/)
  })
})

describe('a text message', () => {
  it('is one message, in the alphabet that every phone has', () => {
    const long = { ...one, place: 'Réanimation néonatale, secteur très éloigné de l’entrée '.repeat(4) }
    for (const lang of ['fr', 'en'] as const) {
      const sms = smsOf(long, lang)
      expect(sms.length).toBeLessThanOrEqual(160)
      expect(sms).toContain(one.link)
      expect(sms).toMatch(/^[ -Z_a-zàäåæèéìñòöøùüÄÅÆÇÉÑÖØÜß]+$/)
    }
    expect(smsOf(one, 'fr')).toBe(`Vigie ALERTE: Intrusion, Pharmacie <T15>, 02:46 ${one.link}`)
    expect(testSms('fr')).toContain('essai')
  })
  it('writes what the alphabet has not as its letter', () => {
    expect(smsOf({ ...one, place: 'Œdème, Forêt, naïve, 心', link: '' }, 'fr')).toMatch(/, .?.?dème, Foret, naive, \?,/)
  })
})
