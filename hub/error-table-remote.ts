/** Failures around the command line speaking to a hub: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?. */
const N = '\u202f'
const U = '\u00a0'

export const REMOTE_ERRORS = {
  'hub-unreachable': [
    502,
    'The hub {hub} can not be reached: {cause}. Check VIGIE_HUB, the network and, for its certificate, VIGIE_CA.',
    `Le hub {hub} est injoignable${N}: {cause}. Vérifiez VIGIE_HUB, le réseau et, pour son certificat, VIGIE_CA.`,
  ],
  'hub-silent': [
    504,
    'The hub {hub} has not answered within {seconds} s. What was asked for may or may not be done: look before you ask again.',
    `Le hub {hub} n’a pas répondu en {seconds}${U}s. Ce qui était demandé est peut-être fait, peut-être non${N}: vérifiez avant de recommencer.`,
  ],
  'hub-cut-off': [
    502,
    'The connection to the hub {hub} was lost before its answer came. What was asked for may or may not be done: look before you ask again.',
    `La connexion au hub {hub} a été perdue avant sa réponse. Ce qui était demandé est peut-être fait, peut-être non${N}: vérifiez avant de recommencer.`,
  ],
  'hub-answer': [
    502,
    'What answers at {hub} does not answer as a hub of this version: {cause}. Check VIGIE_HUB, and that both are of the same version.',
    `Ce qui répond à {hub} ne répond pas comme un hub de cette version${N}: {cause}. Vérifiez VIGIE_HUB, et que les deux sont de la même version.`,
  ],
  'hub-token-missing': [
    401,
    'VIGIE_HUB names a hub on another machine, which asks for an API token. Put one into a file that only you can read, and name it in VIGIE_TOKEN_FILE.',
    `VIGIE_HUB désigne un hub sur une autre machine, qui demande un jeton d’API. Mettez-en un dans un fichier que vous seul pouvez lire, et désignez-le dans VIGIE_TOKEN_FILE.`,
  ],
  'command-local': [
    400,
    'vigie {command} works on the data folder and its keys: give the command on the hub’s own machine, without VIGIE_HUB.',
    `vigie {command} agit sur le dossier de données et ses clés${N}: donnez la commande sur la machine du hub, sans VIGIE_HUB.`,
  ],
} as const
