/**
 * The file that says what groups of the hospital's directory stand for, read once at the start. One that can't be read or
 * names something wrong keeps no door from working: whoever comes by the directory is refused, and the log and the state of
 * the hub say so.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { HubState } from '../api.ts'
import type { Config } from '../config.ts'
import { causeOf, isVigieError, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { type DirectoryMap, parseDirectory, strangersIn } from '../rules/directory.ts'
import type { Service, ServiceNeeds } from './services.ts'

export interface Directory {
  /** @throws VigieError directory-unusable */
  map(): DirectoryMap
  /** Undefined where no file is set. */
  readonly state: HubState['directory'] | undefined
}

interface Log {
  error(details: object, words: string): void
}

const opened = new WeakMap<Pick<Config, 'directoryFile'>, Directory>()

/** The same for all who ask with this configuration. Nobody has an account by the directory where no file is set. */
export function directoryOf(config: Pick<Config, 'directoryFile'>, log: Log): Directory {
  const directory = opened.get(config) ?? open(config.directoryFile, log)
  opened.set(config, directory)
  return directory
}

/** What it names and the site doesn't have is said at the start; the state of the hub says whether the file can be used. */
export function directory({ config, registry, log }: ServiceNeeds): Service {
  const known = directoryOf(config, log)
  const { state } = known
  if (!state?.usable) return { health: () => (state ? { directory: state } : {}) }
  return {
    start: () => {
      const fields = strangersIn(known.map(), registry().site)
      if (fields.length > 0)
        log.warn({ fields }, 'the directory’s groups name zones or roles that the site does not have')
    },
    health: () => ({ directory: state }),
  }
}

const NONE: DirectoryMap = { groups: [] }

function open(file: string, log: Log): Directory {
  if (file === '') return { map: () => NONE, state: undefined }
  try {
    const map = parseDirectory(textOf(file), basename(file))
    return { map: () => map, state: { usable: true, groups: map.groups.length } }
  } catch (error) {
    if (!isVigieError(error)) throw error
    log.error(
      { file, cause: causeOf(error) },
      'the file of the directory’s groups cannot be used: nobody gets in by it',
    )
    return {
      map: () => {
        throw new VigieError('directory-unusable', {}, { cause: error })
      },
      state: { usable: false, groups: 0 },
    }
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new VigieError('file-unreadable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}
