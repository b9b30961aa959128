/** The built dashboard: its files, the reference of the API at /api, and the first page for every address that is one of its own. */
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fastifyStatic } from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { VigieError } from '../errors.ts'

const UNBUILT = `<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<title>Vigie</title>
<h1>La page n’est pas construite.</h1>
<p>Le hub fonctionne. Lancer <code>npm run build:dashboard</code>, puis recharger.</p>
<h1 lang="en">The page is not built.</h1>
<p lang="en">The hub is running. Run <code>npm run build:dashboard</code>, then reload.</p>
</html>
`
/** Build output carries a hash of its content in its name; everything else is asked for again each time. */
const HASHED = /[/\\]assets[/\\][^/\\]+$/
const cacheControl = (file: string): string => (HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache')

/** @param folder of the build; it may appear later, without a restart. Public: it holds no data of the site. */
export async function dashboard(app: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder)
  await app.register(fastifyStatic, {
    root,
    serve: false,
    cacheControl: false,
    dotfiles: 'deny',
    suppressWarning: true,
    setHeaders: (reply, file) => void reply.header('cache-control', cacheControl(file)),
  })
  app.get<{ Params: { '*': string } }>('/*', { config: { permission: 'public' } }, (request, reply) =>
    serve(reply, root, request.params['*']),
  )
}

async function serve(reply: FastifyReply, root: string, path: string): Promise<FastifyReply> {
  const parts = path.split('/')
  if (path === 'api') return page(reply, root, 'api.html')
  const reserved =
    ['api', 'scim', 'socket.io'].includes(parts[0] ?? '') ||
    parts.some(part => part.startsWith('.') || /[\\\0]/.test(part))
  if (reserved) throw new VigieError('not-found')
  if (parts.at(-1)?.includes('.')) return reply.sendFile(path)
  return page(reply, root, 'index.html')
}

/** One of the two pages that the build makes. */
async function page(reply: FastifyReply, root: string, file: string): Promise<FastifyReply> {
  return (await built(root, file))
    ? reply.sendFile(file)
    : reply.code(503).header('retry-after', 10).type('text/html; charset=utf-8').send(UNBUILT)
}

async function built(root: string, file: string): Promise<boolean> {
  return access(join(root, file)).then(
    () => true,
    () => false,
  )
}
