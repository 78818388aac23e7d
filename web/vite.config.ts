import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = 'http://127.0.0.1:8420'

/** Puts a gzipped copy beside each text, and the file that keeps dist in the repository. */
function compress(): Plugin {
  const dist = new URL('./dist/', import.meta.url)
  const squeeze = async (name: string) => {
    const file = new URL(name, dist)
    await writeFile(`${fileURLToPath(file)}.gz`, await promisify(gzip)(await readFile(file), { level: 9 }))
  }
  return {
    name: 'compress',
    apply: 'build',
    async closeBundle() {
      const names = await readdir(dist, { recursive: true })
      await Promise.all(names.filter((name) => /\.(js|css|svg)$/.test(name)).map(squeeze))
      await writeFile(new URL('.keep', dist), '')
    },
  }
}

/** What every page needs, in few files that seldom change. */
const groups = [
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
  { name: 'core', test: /node_modules[\\/](@tanstack[\\/](react-query|query-core|react-router|router-core|history|store|react-store)|i18next|react-i18next|use-sync-external-store)[\\/]/ },
  { name: 'api', test: /src[\\/](api|live|format)[\\/]|src[\\/]i18n[\\/]setup\.|src[\\/]ui[\\/]monogram|vite[\\/]preload-helper/ },
  { name: 'icons', test: /lucide-react[\\/]dist[\\/]esm[\\/](?!icons)|lucide-react[\\/]dist[\\/]esm[\\/]icons[\\/](bell|calendar-days|chart-column|circle-plus|ellipsis|folder-kanban|handshake|heart-pulse|house|inbox|languages|list-checks|list-todo|log-out|moon|pin|plus|radio|receipt-text|scroll-text|search|settings-2|shield-check|sun|table-2|ticket-check|user-round|users|wallet|building-2)\./ },
  { name: 'ui', test: /src[\\/]ui[\\/](button|button-link|icon-button|menu|notices|notify|empty-state|frame|theme|scheme)\./ },
]

export default defineConfig({
  plugins: [react(), compress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', modulePreload: { polyfill: false }, rolldownOptions: { output: { codeSplitting: { groups } } } },
  server: { proxy: Object.fromEntries(['/api', '/in', '/f', '/help', '/sandbox'].map((path) => [path, server])) },
  test: { environment: 'node', testTimeout: 20_000 },
})
