/** What can be wrong with a journal: the closed list, in English; the command line has it in French. */
export type Damage =
  | 'the row is missing'
  | 'its content was changed'
  | 'its content is gone'
  | 'it does not follow from the row before'
  | 'the tail was cut: a later payload remains'
  | 'the tail was cut: a signed checkpoint counts more rows'
  | 'a signed checkpoint does not match: the rows were written anew'
  | 'a stored checkpoint is not as it was signed'
  | 'all signed checkpoints are gone'
  | 'a stored hash of the tree does not match its rows'
  | 'the change of the signing key is not signed by the key before'
  | 'the file of the signing key holds another key'

/** `row`: the first bad one. `until`: a checkpoint vouches for the rows before `row`, and the next, of this size, does not. */
export interface Bad {
  readonly ok: false
  readonly row: number
  readonly until?: number
  readonly cause: Damage
}
