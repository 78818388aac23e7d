import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { learnPages } from '@/i18n/setup'
import { Broken } from './broken'
import { Missing } from './missing'
import { readSearch, writeSearch } from './search-text'
import { Shell } from './shell'

/** Addresses whose texts are there from the start. */
const light = new Set(['/', '/home', '/login'])

const root = createRootRoute({
  beforeLoad: async ({ location }) => {
    if (!light.has(location.pathname)) await learnPages()
  },
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/home' })
  },
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('@/features/auth/login-page'), 'LoginPage'),
})

const setPassword = createRoute({
  getParentRoute: () => root,
  path: '/set-password',
  component: lazyRouteComponent(() => import('@/features/auth/set-password-page'), 'SetPasswordPage'),
})

const security = createRoute({
  getParentRoute: () => shell,
  path: '/security',
  component: lazyRouteComponent(() => import('@/features/security/security-page'), 'SecurityPage'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('@/features/audit/audit-page'), 'AuditPage'),
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/home',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
})

const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  component: lazyRouteComponent(() => import('@/features/me/me-page'), 'MePage'),
})

const newRecordScreen = lazyRouteComponent(() => import('./new-record-route'), 'NewRecordRoute')
const newLead = createRoute({ getParentRoute: () => shell, path: '/leads/new', component: newRecordScreen })
const newRecord = createRoute({ getParentRoute: () => shell, path: '/o/$object/new', component: newRecordScreen })

const listScreen = lazyRouteComponent(() => import('./list-route'), 'ListRoute')
const leads = createRoute({ getParentRoute: () => shell, path: '/leads', component: listScreen })
const list = createRoute({ getParentRoute: () => shell, path: '/o/$object', component: listScreen })

const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  component: lazyRouteComponent(() => import('@/features/inbox/inbox-page'), 'InboxPage'),
})

const recordScreen = lazyRouteComponent(() => import('./record-route'), 'RecordRoute')
const lead = createRoute({ getParentRoute: () => shell, path: '/leads/$id', component: recordScreen })
const record = createRoute({ getParentRoute: () => shell, path: '/o/$object/$id', component: recordScreen })

const channels = createRoute({
  getParentRoute: () => shell,
  path: '/channels',
  component: lazyRouteComponent(() => import('@/features/intake/channels-page'), 'ChannelsPage'),
})

const channel = createRoute({
  getParentRoute: () => shell,
  path: '/channels/$name',
  component: lazyRouteComponent(() => import('./channel-route'), 'ChannelRoute'),
})

const leadHealth = createRoute({
  getParentRoute: () => shell,
  path: '/dash/lead-health',
  component: lazyRouteComponent(() => import('@/features/metrics/lead-health-page'), 'LeadHealthPage'),
})

const leadToCash = createRoute({
  getParentRoute: () => shell,
  path: '/dash/lead-to-cash',
  component: lazyRouteComponent(() => import('@/features/metrics/cycle-page'), 'CyclePage'),
})

const followUp = createRoute({
  getParentRoute: () => shell,
  path: '/dash/follow-up',
  component: lazyRouteComponent(() => import('@/features/metrics/follow-up-page'), 'FollowUpPage'),
})

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  component: lazyRouteComponent(() => import('@/features/people/people-page'), 'PeoplePage'),
})

const operations = createRoute({
  getParentRoute: () => shell,
  path: '/operations',
  component: lazyRouteComponent(() => import('@/features/operations/operations-page'), 'OperationsPage'),
})

const health = createRoute({
  getParentRoute: () => shell,
  path: '/health',
  component: lazyRouteComponent(() => import('@/features/health/health-page'), 'HealthPage'),
})

const search = createRoute({
  getParentRoute: () => shell,
  path: '/search',
  component: lazyRouteComponent(() => import('@/features/search/search-page'), 'SearchPage'),
})

const setup = createRoute({ getParentRoute: () => shell, path: '/setup', component: lazyRouteComponent(() => import('@/features/setup/index-page'), 'SetupPage') })
const setupChanges = createRoute({ getParentRoute: () => shell, path: '/setup/changes', component: lazyRouteComponent(() => import('@/features/setup/changes-page'), 'ChangesPage') })
const setupVersions = createRoute({ getParentRoute: () => shell, path: '/setup/versions', component: lazyRouteComponent(() => import('@/features/setup/changes-page'), 'VersionsPage') })
const setupKind = createRoute({ getParentRoute: () => shell, path: '/setup/$kind', component: lazyRouteComponent(() => import('@/features/setup/kind-page'), 'KindPage') })
const setupDocument = createRoute({ getParentRoute: () => shell, path: '/setup/$kind/$name', component: lazyRouteComponent(() => import('@/features/setup/editor-route'), 'EditorRoute') })

const tasks = createRoute({ getParentRoute: () => shell, path: '/tasks', component: lazyRouteComponent(() => import('./tasks-route'), 'TasksRoute') })
const calendar = createRoute({
  getParentRoute: () => shell,
  path: '/calendar',
  component: lazyRouteComponent(() => import('@/features/agenda/calendar-page'), 'CalendarPage'),
})

/** Every other address; whoever is not logged in learns nothing of which there are. */
const missing = createRoute({ getParentRoute: () => shell, path: '$', component: Missing })

const inShell = [security, audit, tasks, calendar, setup, setupChanges, setupVersions, setupKind, setupDocument, search, home, me, inbox, leads, list, newLead, newRecord, lead, record, channels, channel, leadHealth, leadToCash, followUp, people, operations, health, missing]

/** All addresses of the app. The search part is plain text, so that a list's filter can be read in it. */
export const router = createRouter({
  routeTree: root.addChildren([start, login, setPassword, shell.addChildren(inShell)]),
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
})
