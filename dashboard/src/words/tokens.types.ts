/** Keys for programs. */
export interface TokenWords
  extends Record<
    | 'title'
    | 'sub'
    | 'search'
    | 'make'
    | 'name'
    | 'nameHint'
    | 'capabilities'
    | 'capabilitiesHint'
    | 'capabilitiesNeeded'
    | 'zones'
    | 'everywhere'
    | 'someZones'
    | 'state'
    | 'valid'
    | 'expired'
    | 'expires'
    | 'expiresOn'
    | 'expiresHint'
    | 'expiresWrong'
    | 'used'
    | 'never'
    | 'by'
    | 'created'
    | 'empty'
    | 'emptyNext'
    | 'none'
    | 'failed'
    | 'gone'
    | 'makeTitle'
    | 'makeSub'
    | 'go'
    | 'going'
    | 'madeTitle'
    | 'token'
    | 'once'
    | 'try'
    | 'tryHint'
    | 'tlsHint'
    | 'done'
    | 'endTitle'
    | 'end'
    | 'revoke'
    | 'revokeMeans',
    string
  > {
  shown(n: number, of: number): string
  /** `4 droits` */
  count(n: number): string
  /** `Révoquer le jeton Planning ?` */
  question(name: string): string
  /** `30 j` */
  span(days: number): string
}
