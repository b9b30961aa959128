import { describe, expect, it } from 'vitest'
import { CAPABILITIES, CAPABILITIES_OF, ROLES } from '#hub/rules/roles.ts'
import {
  ALL_CAPABILITIES,
  CAPABILITY_GROUPS,
  groupedCapabilities,
  ROLES_SHOWN,
  tokenCapabilities,
} from '../src/capabilities.ts'
import type { Capability, OperatorView } from '../src/contract.ts'
import {
  administrators,
  changeOf,
  formOf,
  isLast,
  isMail,
  isReason,
  matching,
  plain,
  zoneTree,
} from '../src/operators.ts'
import { homeOf, maySee, missing, PAGES, pageAt } from '../src/pages.ts'
import { curlOf, dayIn, endOf } from '../src/token-form.ts'
import { operatorWords, roleWords, tokenWords, webhookWords } from '../src/words/manage.ts'
import { someOperators } from './standin-operators.ts'

const PARIS = 'Europe/Paris'
const NOW = Date.parse('2026-03-18T01:46:00Z')
const mayOf = (role: (typeof ROLES)[number]) => (c: Capability) =>
  (CAPABILITIES_OF[role] as readonly Capability[]).includes(c)

describe('capabilities, as pages show them', () => {
  it('are the hub’s, each in one group, and roles stand in the hub’s order', () => {
    expect([...ALL_CAPABILITIES].sort()).toEqual([...CAPABILITIES])
    expect(groupedCapabilities(CAPABILITIES).flatMap(g => g.capabilities)).toHaveLength(CAPABILITIES.length)
    expect(ROLES_SHOWN).toEqual(ROLES)
    expect(CAPABILITY_GROUPS).toHaveLength(7)
  })
  it('offer a token no account, token, key or erasure, and nothing its maker has not', () => {
    for (const role of ROLES) {
      const offered = tokenCapabilities(CAPABILITIES_OF[role])
      expect(offered.filter(c => /^(account|history|operators|tokens|keys)\.|privacy\.erase/.test(c))).toEqual([])
      for (const c of offered) expect(CAPABILITIES_OF[role]).toContain(c)
    }
    expect(tokenCapabilities(CAPABILITIES_OF.nurse)).toEqual([])
  })
  it('open the pages they are for, and lead everybody to one of theirs', () => {
    const seen = (role: (typeof ROLES)[number]) => PAGES.filter(p => maySee(p, mayOf(role))).map(p => p.id)
    expect(seen('nurse')).toEqual(['history', 'roles', 'account'])
    expect(seen('security')).toEqual([
      'live',
      'incidents',
      'devices',
      'journal',
      'history',
      'visits',
      'roles',
      'account',
    ])
    expect(seen('administrator')).toContain('operators')
    expect(seen('it')).toEqual(
      'live incidents devices history approvals movements inventory tokens webhooks stations roles account'.split(' '),
    )
    expect(ROLES.map(r => homeOf(mayOf(r)).path)).toEqual(['/journal/me', '/', '/', '/', '/', '/journal', '/'])
    expect(missing(pageAt('/operators'), mayOf('security'))).toEqual(['operators.manage'])
    expect(homeOf(() => false).id).toBe('account')
    expect(pageAt('/nothing').id).toBe('live')
  })
})

describe('the words of accounts, roles and tokens', () => {
  const strings = (value: unknown, path = ''): [string, string][] => {
    if (typeof value === 'string') return [[path, value]]
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([k, v]) => strings(v, `${path}/${k}`))
  }
  const all = { roleWords, operatorWords, tokenWords, webhookWords }
  it('say the same things in both languages, and nothing is empty', () => {
    for (const words of Object.values(all)) {
      const keys = (w: object) => strings(w).map(([path]) => path.replace(/\/\d+$/, ''))
      expect(new Set(keys(words.fr))).toEqual(new Set(keys(words.en)))
      for (const [path, said] of [...strings(words.fr), ...strings(words.en)]) expect(said.trim(), path).not.toBe('')
    }
  })
  it('name every capability and every role', () => {
    for (const w of [roleWords.fr, roleWords.en]) {
      expect(Object.keys(w.capabilities).sort()).toEqual([...CAPABILITIES])
      expect(Object.keys(w.about).sort()).toEqual([...ROLES].sort())
      expect(new Set(Object.values(w.capabilities)).size).toBe(CAPABILITIES.length)
    }
  })
  it('follow French typography', () => {
    const built = [
      operatorWords.fr.question('disable', 'C. Marchand'),
      operatorWords.fr.question('renew', 'C. Marchand'),
      operatorWords.fr.became('Rôle', 'a', 'b'),
      tokenWords.fr.question('Planning'),
      roleWords.fr.refused('Opérateurs', 'gérer', 'Auditeur'),
    ].map((said, i): [string, string] => [`built ${i}`, said])
    for (const [path, said] of [...Object.values(all).flatMap(w => strings(w.fr)), ...built])
      expect(said, path).not.toMatch(/[^\u202f][;!?%»]|«[^\u202f]|[^\u202f\d]:(?!\/)/)
  })
})

describe('accounts', () => {
  const all = someOperators(NOW)
  const of = (login: string): OperatorView => all.find(o => o.login === login)!
  it('know the last one who can manage accounts: active, administrator, everywhere', () => {
    expect(administrators(all).map(o => o.login)).toEqual(['b.kessler'])
    expect(isLast(of('b.kessler'), all)).toBe(true)
    const second = { ...of('i.roussel'), role: 'administrator' } as const
    expect(isLast(of('b.kessler'), [...all, second])).toBe(false)
    for (const useless of [
      { ...second, zones: ['t01'] },
      { ...second, status: 'invited' as const },
    ])
      expect(isLast(of('b.kessler'), [...all, useless])).toBe(true)
  })
  it('send only what was changed, and null for what was taken away', () => {
    const before = formOf(of('d.pinto'))
    expect(changeOf(before, { ...before, name: ' Diogo Pinto ' })).toEqual({})
    expect(changeOf(before, { ...before, email: '', zones: undefined })).toEqual({ email: null, zones: null })
    expect(changeOf(before, { ...before, role: 'nurse', zones: [...before.zones!].reverse() })).toEqual({
      role: 'nurse',
    })
  })
  it('are found without accents, by name, login, mail, role and zone', () => {
    const found = (text: string) => matching(all, text, o => [o.role, ...(o.zones ?? [])]).map(o => o.login)
    expect(found('INES')).toEqual(['i.roussel'])
    expect(found('prs-hauts')).toEqual(['b.kessler', 'd.pinto'])
    expect(found('t15')).toEqual(['d.pinto'])
    expect(found('personne de ce nom')).toEqual([])
  })
  it('take a reason of one line and 3 to 500 characters, and a mail address or none', () => {
    expect([isReason(' ab '), isReason('abc'), isReason('x'.repeat(501))]).toEqual([false, true, false])
    expect(plain(' Départ\n le 18 ')).toBe('Départ le 18')
    expect([isMail(''), isMail('a@b.example'), isMail('a b@c'), isMail('a@b,c@d')]).toEqual([true, true, false, false])
  })
  it('show zones below the zone they lie in, each once, in a broken tree too', () => {
    const zone = (id: string, parent?: string) => ({ id, name: id, ...(parent ? { parent } : {}) })
    const rows = zoneTree([zone('b', 'a'), zone('a'), zone('x', 'y'), zone('y', 'x'), zone('o', 'gone')])
    expect(rows.map(r => [r.zone.id, r.depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['o', 0],
      ['x', 0],
      ['y', 1],
    ])
  })
})

describe('a token’s term and its example', () => {
  it('ends when its last day ends on the site’s clock, also as the clock changes, and not past 366 days', () => {
    expect(endOf('2026-03-29', NOW, PARIS)).toBe(Date.parse('2026-03-29T22:00:00Z'))
    expect(endOf('2026-03-18', NOW, PARIS)).toBe(Date.parse('2026-03-18T23:00:00Z'))
    for (const day of ['2026-03-17', '2027-03-19', '', '18/03/2026', '2026-99-99'])
      expect(endOf(day, NOW, PARIS), day).toBeUndefined()
    const last = endOf(dayIn(365, NOW, PARIS), NOW, PARIS)!
    expect(last - NOW).toBeLessThanOrEqual(366 * 86_400_000)
  })
  it('shows a reading that the token is allowed, or none', () => {
    expect(curlOf('vigie_x', ['site.read'], 'https://hub:8443')).toBe(
      'curl -H "Authorization: Bearer vigie_x" "https://hub:8443/api/v1/site"',
    )
    expect(curlOf('vigie_x', ['grants.write'], 'https://hub')).toBeUndefined()
  })
})
