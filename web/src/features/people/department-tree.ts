import type { Department } from './types'

export interface Branch {
  department: Department
  /** 0 for a root. */
  depth: number
}

/** The departments in tree order: each one before those below it, siblings by name. A parent that is missing or a ring counts as a root. */
export function branches(departments: Department[], language: string): Branch[] {
  const order = new Intl.Collator(language)
  const sorted = [...departments].sort((a, b) => order.compare(a.name, b.name))
  const known = new Set(sorted.map(({ id }) => id))
  const seen = new Set<string>()
  const result: Branch[] = []
  const add = (department: Department, depth: number) => {
    if (seen.has(department.id)) return
    seen.add(department.id)
    result.push({ department, depth })
    for (const below of sorted) if (below.parent === department.id) add(below, depth + 1)
  }
  for (const department of sorted) if (!department.parent || !known.has(department.parent)) add(department, 0)
  for (const department of sorted) add(department, 0)
  return result
}

/** The ids that may not become the parent of `id`: itself and everything below it. */
export function within(departments: Department[], id: string): Set<string> {
  const inside = new Set([id])
  for (let grew = true; grew; ) {
    grew = false
    for (const { id: own, parent } of departments) {
      if (parent && inside.has(parent) && !inside.has(own)) {
        inside.add(own)
        grew = true
      }
    }
  }
  return inside
}
