#!/usr/bin/env node
/** The `vigie` command. */
import { keepCompiled } from './compiled.ts'

keepCompiled()
await import('./cli/vigie.ts')
