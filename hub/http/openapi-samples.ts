/** How each route is called with curl, by someone who has set VIGIE_URL and VIGIE_TOKEN. */
import type { OperationObject } from './openapi-parts.ts'
import type { Operation } from './schemas/operation.ts'

/** One command, ready for a POSIX shell. @param method in lower case */
export function curlOf(path: string, method: string, object: OperationObject, operation: Operation): string {
  const { example = {} } = operation
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(example.params?.[name] ?? name))
  const query = new URLSearchParams(example.query).toString()
  const parts = [
    operation.id === 'followEvents' ? 'curl -N' : 'curl',
    ...(method === 'get' ? [] : [`-X ${method.toUpperCase()}`]),
    ...proof(object),
    ...condition(operation, method),
    ...sent(operation),
    `"$VIGIE_URL${filled}${query && `?${query}`}"`,
  ]
  return parts.join(' \\\n  ').replace(/^(curl(?: -N)?) \\\n {2}/, '$1 ')
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A token where one will do; else the cookies that signing in has left in a file. */
function proof({ security }: OperationObject): string[] {
  const names = security.flatMap(way => Object.keys(way))
  if (names.includes('token')) return ['-H "Authorization: Bearer $VIGIE_TOKEN"']
  if (names.includes('session')) return ['-b vigie.cookies', '-c vigie.cookies']
  if (names.includes('deviceCode')) return ['-u "$DEVICE:$CODE"']
  return names.includes('deviceCertificate') ? ['--cert device.cert.pem', '--key device.key.pem'] : []
}

/** What an edit has to name. */
function condition({ headers = [] }: Operation, method: string): string[] {
  if (method === 'put' && headers.includes('if-none-match')) return [`-H ${quoted('If-None-Match: *')}`]
  return headers.includes('if-match') ? ['-H "If-Match: $ETAG"'] : []
}

function sent({ example, rawBody }: Operation): string[] {
  if (rawBody) return [`-H ${quoted(`Content-Type: ${rawBody}`)}`, '--data-binary @body']
  if (example?.body === undefined) return []
  return ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(example.body))}`]
}
