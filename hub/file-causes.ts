/** Why the system, or the database under it, refused a file: in words, for the error table's {cause}. */
import { causeOf, type Said } from './errors.ts'

const SYSTEM: Readonly<Record<string, Said>> = {
  ENOENT: { en: 'it does not exist', fr: 'il n’existe pas' },
  EACCES: { en: 'access is denied', fr: 'l’accès est refusé' },
  EPERM: { en: 'access is denied', fr: 'l’accès est refusé' },
  EISDIR: { en: 'it is a folder', fr: 'c’est un dossier' },
  ENOTDIR: { en: 'part of the path is not a folder', fr: 'une partie du chemin n’est pas un dossier' },
  EEXIST: { en: 'a file of that name is in the way', fr: 'un fichier de ce nom est déjà là' },
  ENOSPC: { en: 'the disk is full', fr: 'le disque est plein' },
  EDQUOT: { en: 'the quota of the disk is used up', fr: 'le quota du disque est épuisé' },
  EFBIG: { en: 'files may not grow so large there', fr: 'un fichier ne peut pas y devenir si grand' },
  EROFS: { en: 'the disk is read-only', fr: 'le disque est en lecture seule' },
  SQLITE_BUSY: {
    en: 'another program holds the database',
    fr: 'un autre programme retient la base de données',
  },
  SQLITE_FULL: { en: 'the disk is full', fr: 'le disque est plein' },
  SQLITE_READONLY: { en: 'the database is read-only', fr: 'la base de données est en lecture seule' },
  SQLITE_CANTOPEN: { en: 'the database cannot be opened', fr: 'la base de données ne peut pas être ouverte' },
  SQLITE_CORRUPT: { en: 'the database is damaged', fr: 'la base de données est abîmée' },
  SQLITE_IOERR: { en: 'the disk fails', fr: 'le disque est en panne' },
}

/** Why a file or the database could not be read or written: in both languages where the system's code is a common one. */
export function fileCauseOf(error: unknown): string | Said {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return SYSTEM[code] ?? SYSTEM[code.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1')] ?? causeOf(error)
}
