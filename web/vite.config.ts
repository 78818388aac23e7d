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

/** Tells the script that stands first which files hold the code of home and log-in and each language's first texts. */
function nameFirst(): Plugin {
  return {
    name: 'name-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
        const filesOf = (module: string) => {
          const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module))
          if (!chunk) throw new Error(`no file of ${module}`)
          const beside = chunk.imports.filter((name) => !html.includes(name))
          const css = [chunk.fileName, ...beside].flatMap((name) => [...(chunks.find(({ fileName }) => fileName === name)?.viteMetadata?.importedCss ?? [])])
          return [chunk.fileName, ...beside, ...css].map((name) => `/${name}`).join(' ')
        }
        const data = { home: filesOf('features/home/home-page.tsx'), login: filesOf('features/auth/login-page.tsx'), zh: filesOf('i18n/chinese.ts'), en: filesOf('i18n/english.ts') }
        return html.replace('src="/first-requests.js"', (found) => [found, ...Object.entries(data).map(([name, files]) => `data-${name}="${files}"`)].join(' '))
      },
    },
  }
}

/** What every page needs, in few files that seldom change. */
const groups = [
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
  { name: 'core', test: /node_modules[\\/](@tanstack[\\/](react-query|query-core|react-router|router-core|history|store|react-store)|i18next|react-i18next|use-sync-external-store)[\\/]/ },
  { name: 'api', test: /src[\\/](api|live|format)[\\/]|src[\\/]i18n[\\/]setup\.|src[\\/]ui[\\/]monogram|vite[\\/]preload-helper/ },
  { name: 'icons', test: /lucide-react[\\/]dist[\\/]esm[\\/](?!icons)|lucide-react[\\/]dist[\\/]esm[\\/]icons[\\/](bell|calendar-days|chart-column|circle-plus|ellipsis|folder-kanban|handshake|heart-pulse|house|inbox|languages|list-checks|list-todo|log-out|moon|pin|plus|radio|receipt-text|scroll-text|search|settings-2|shield-check|sun|table-2|ticket-check|user-round|users|wallet|building-2)\./ },
  { name: 'ui', test: /src[\\/]ui[\\/](button|button-link|icon-button|menu|notices|notify|empty-state|frame|scheme)\./ },
]

export default defineConfig({
  plugins: [react(), nameFirst(), compress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', modulePreload: { polyfill: false }, rolldownOptions: { output: { codeSplitting: { groups } } } },
  server: { proxy: Object.fromEntries(['/api', '/in', '/f', '/help', '/sandbox'].map((path) => [path, server])) },
  // As many at once as there are cores; by itself it leaves one of two idle.
  test: { environment: 'node', testTimeout: 20_000, maxWorkers: '100%' },
})
