// Takes the guide's pictures anew: make guide. Names after -- take only those.
import { fileURLToPath } from 'node:url'
import { startDemo } from './server.js'

const demo = await startDemo({ leads: 800 })
process.env.CLEW_E2E_URL = demo.url
try {
  const { launch } = await import('./browser.js')
  const { pictures, takePictures } = await import('./guide/pictures.js')
  const names = process.argv.slice(2)
  const browser = await launch()
  for (const language of ['zh-CN', 'en']) {
    const folder = fileURLToPath(new URL(`../docs/guide/${language}/images`, import.meta.url))
    await takePictures(browser, language, folder, names.length > 0 ? names : Object.keys(pictures))
  }
  await browser.close()
} finally {
  await demo.stop()
}
