import '@fontsource-variable/ibm-plex-sans/wdth.css'
import '@fontsource/ibm-plex-mono/latin-400.css'
import '../styles/tokens.css'
import '../styles/parts.css'
import { mount } from 'svelte'
import Reference from './Reference.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('api.html has no #app')
mount(Reference, { target })
