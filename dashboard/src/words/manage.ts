/** Not part of the dictionaries of the first view: fetched with the pages that need them. */
import { operators as operatorsEn } from './operators.en.ts'
import { operators as operatorsFr } from './operators.fr.ts'
import { may as mayEn } from './roles.en.ts'
import { may as mayFr } from './roles.fr.ts'
import { tokens as tokensEn } from './tokens.en.ts'
import { tokens as tokensFr } from './tokens.fr.ts'

export const roleWords = { fr: mayFr, en: mayEn } as const
export const operatorWords = { fr: operatorsFr, en: operatorsEn } as const
export const tokenWords = { fr: tokensFr, en: tokensEn } as const
