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
  },
})
