/** The hospital's identity provider, put together from the settings. One that is set up badly is off, and the log says why. */
import { readFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import { causeOf } from '../errors.ts'
import { OperatorProvided } from '../flows/operator-provided.ts'
import type { DirectoryAccounts } from '../http/account-ports.ts'
import { Provider } from '../http/provider.ts'
import { ProviderSignIn, type ProviderSignInNeeds } from '../http/provider-sign-in.ts'
import { operatorRow, operatorRowOf } from '../record/operators-admin.ts'
import type { Db } from '../record/sql.ts'
import { newOperatorId } from './accounts.ts'
import { type Directory, directoryOf } from './directory.ts'
import type { PerformOp } from './enrolment.ts'
import { knownOf } from './operators.ts'

interface Needs extends Pick<ProviderSignInNeeds, 'auth' | 'sessions' | 'record' | 'log' | 'now'> {
  readonly config: Config
  readonly db: Db
  readonly op: PerformOp
}

/** Undefined where none is set up, or its files can't be read: nobody signs in by it then. */
export function providerSignIn(needs: Needs): ProviderSignIn | undefined {
  const { config, log, now } = needs
  const {
    oidcIssuer: issuer,
    oidcClientId: clientId,
    oidcName: name,
    oidcGroupsClaim: groupsClaim,
    oidcAcr: acr,
  } = config
  if (issuer === '' && clientId === '') return undefined
  try {
    if (issuer === '' || clientId === '') throw new Error('VIGIE_OIDC_ISSUER and VIGIE_OIDC_CLIENT_ID go together')
    const clientSecret = textOf(config.oidcClientSecretFile)?.trim()
    const ca = textOf(config.oidcCa)
    const provider = new Provider({
      ...{ issuer, clientId, groupsClaim, acr, log, now },
      ...(clientSecret !== undefined && { clientSecret }),
      ...(ca !== undefined && { ca }),
    })
    return new ProviderSignIn({
      ...needs,
      name,
      issuer,
      provider,
      accounts: accountsOf(needs, directoryOf(config, log)),
    })
  } catch (error) {
    log.error({ cause: causeOf(error) }, 'signing in by the identity provider is off until its settings are corrected')
    return undefined
  }
}

/** Undefined where no file is set. @throws the system's error */
const textOf = (file: string): string | undefined => (file === '' ? undefined : readFileSync(file, 'utf8'))

function accountsOf({ db, op, now }: Needs, directory: Directory): DirectoryAccounts {
  const flow = new OperatorProvided({
    map: () => directory.map(),
    bySubject: subject => knownOf(operatorRowOf(db, subject)),
    byLogin: login => knownOf(operatorRow(db, login)),
    provision: a => op('provisionOperator', a),
    follow: a => op('followDirectory', a),
    turnAway: a => op('turnAway', a),
    newId: newOperatorId,
    now,
  })
  return {
    come: vouched => flow.come(vouched),
    bySubject: subject => operatorRowOf(db, subject)?.id,
  }
}
