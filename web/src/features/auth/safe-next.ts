/** Where to go after the log-in: a page of this app, never another host. */
export function safeNext(next: string | undefined): string {
  const inside = next !== undefined && /^\/(?![/\\])/.test(next) && !next.startsWith('/login')
  return inside ? next : '/home'
}
