/** Not part of the dictionaries of the first view: fetched with the pages that need them. */
import { account as en } from './account.en.ts'
import { account as fr } from './account.fr.ts'

export const accountWords = { fr, en } as const
