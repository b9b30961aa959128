import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The page's policy is default-src 'none': no data: addresses, and no inline script for module preloading.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
    // The reference page of the API stands alone: who reads it need not sign in.
    rolldownOptions: { input: ['index.html', 'api.html'].map(page => join(import.meta.dirname, page)) },
  },
})
