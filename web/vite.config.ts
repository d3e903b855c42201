import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      // One page for every path: the gateway serves it wherever no file is.
      adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html', strict: true }),
      output: { bundleStrategy: 'split' },
    }),
  ],
  server: { proxy: { '/api': { target: 'http://127.0.0.1:4788', ws: true } } },
})
