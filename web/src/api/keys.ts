/** The query cache's names. What changes together begins alike, so that it is asked again together. */
export const keys = {
  session: ['session'],
  demo: ['demo'],
  catalog: ['catalog'],
  home: ['home'],
  inbox: ['inbox'],
  pins: ['pins'],
  recent: ['recent'],
  search: (query: object) => ['search', query],
  agenda: ['agenda'],
  alerts: ['alerts'],
  unread: ['inbox', 'unread'],
  channels: ['channels'],
  people: ['people'],
  health: ['health'],
  allRecords: ['records'],
  /** All of one object: its lists and each record. */
  records: (object: string) => ['records', object],
  list: (object: string, query: object) => ['records', object, 'list', query],
  record: (object: string, id: string) => ['records', object, id],
  dashboards: ['dashboards'],
  dashboard: (name: string, query: object) => ['dashboards', name, query],
}
