/** Where an object's list is. */
export const listAddress = (object: string) => (object === 'lead' ? '/leads' : `/o/${object}`)
