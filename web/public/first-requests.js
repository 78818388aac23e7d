// Asks for what a page of the app begins with while the app's code is still on its way; api/early.ts takes the answers.
// The code of home or log-in and the texts of the language are fetched too: only here it is known that they will be wanted.
(() => {
  if (globalThis.firstRequests || location.pathname === '/set-password') return
  const { dataset } = document.currentScript
  let language = null
  try {
    language = localStorage.getItem('clew.language')
  } catch {
    // a browser that keeps nothing is asked for its own language
  }
  language ??= navigator.language.startsWith('en') ? 'en' : 'zh-CN'
  const logIn = location.pathname === '/login'
  const home = location.pathname === '/home' || location.pathname === '/'
  const ask = (path) => fetch(`/api/v1${path}`, { headers: { 'Accept-Language': language } }).catch(() => undefined)
  const paths = logIn ? ['/demo', '/session/options'] : home ? ['/session', '/catalog', '/home'] : ['/session', '/catalog']
  globalThis.firstRequests = { at: performance.now(), answers: Object.fromEntries(paths.map((path) => [path, ask(path)])) }
  const code = [language === 'en' ? dataset.en : dataset.zh, home ? dataset.home : logIn ? dataset.login : ''].join(' ').split(' ').filter(Boolean)
  for (const href of code) {
    const link = document.createElement('link')
    link.rel = href.endsWith('.css') ? 'preload' : 'modulepreload'
    if (link.rel === 'preload') link.as = 'style'
    link.crossOrigin = ''
    link.href = href
    document.head.append(link)
  }
})()
