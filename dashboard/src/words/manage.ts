/** Not part of the dictionaries of the first view: fetched with the pages that need them. */
import { operators as operatorsEn } from './operators.en.ts'
import { operators as operatorsFr } from './operators.fr.ts'
import { may as mayEn } from './roles.en.ts'
import { may as mayFr } from './roles.fr.ts'
import { tenants as tenantsEn } from './tenants.en.ts'
import { tenants as tenantsFr } from './tenants.fr.ts'
import { tokens as tokensEn } from './tokens.en.ts'
import { tokens as tokensFr } from './tokens.fr.ts'
import { webhooks as webhooksEn } from './webhooks.en.ts'
import { webhooks as webhooksFr } from './webhooks.fr.ts'

export const roleWords = { fr: mayFr, en: mayEn } as const
export const operatorWords = { fr: operatorsFr, en: operatorsEn } as const
export const tokenWords = { fr: tokensFr, en: tokensEn } as const
export const webhookWords = { fr: webhooksFr, en: webhooksEn } as const
export const tenantWords = { fr: tenantsFr, en: tenantsEn } as const
