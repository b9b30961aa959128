import { APPROVAL_HELP } from './approval.ts'
import { ASK_HELP } from './ask.ts'
import { BACKUP_HELP } from './backup.ts'
import { EXPORT_HELP } from './export.ts'
import { OPERATOR_HELP } from './operator.ts'
import { PRIVACY_HELP } from './privacy.ts'
import { SEARCH_HELP } from './search.ts'
import { TENANT_HELP } from './tenant.ts'
import { TOKEN_HELP } from './token.ts'

export const HELP = {
  en: `vigie: access control and monitoring for hospitals and practices

  vigie device add <id> --model <model> [--name <name>] [--out <folder>]
                        register a device; writes <id>.key.pem, <id>.cert.pem, ca.cert.pem
  vigie device add --declared [--out <folder>]
                        the same for every device of the site file that has no certificate
  vigie device add <id> --model <model> --again
                        the same for a device that was revoked
  vigie device list     all devices
  vigie device show <id>
  vigie device renew <id> [--out <folder>]
                        next certificate; the present one stays good until it expires
  vigie device revoke <id> [--reason <reason>]
                        its connections are cut, its certificates refused
  vigie device code <id>
                        one-time code for enrolment over the network (EST)
  vigie device password <gateway> [--plain]
                        what a gateway of bought devices signs in with, shown once; with TLS
                        only, unless --plain says that it may travel unencrypted
  vigie device esphome <id> [--point <point>] [--out <folder>]
                        an ESPHome configuration that makes an ESP32 with a PN532 this reader
  vigie plan <site.json>
                        what the file would change
  vigie apply <site.json> [--withdraw]
                        changes it; the same file again changes nothing; revokes devices that
                        the file leaves out only with --withdraw
  vigie site export [<file>]
                        the site file as it stands, with its revision: applying it later is refused
                        where somebody else has changed the same things since
  vigie item show <kind> [<id>]
                        one item of the site and its revision; without an id, the ids
  vigie item put <kind> <id> [--file <file>] --revision <n>
                        changes it, or adds it where it is new (then without --revision)
  vigie item remove <kind> <id> --revision <n>

  vigie grant add --person <id> --point <id> | --zone <id> [--class <a,b>] --origin <origin>
                  [--from <time>] --until <time> [--reference <reference>]
                        temporary access that ends by itself; a shift needs no place;
                        times: 2026-12-24T08:00 on the clock of the site, or RFC 3339
  vigie grant list [--all]
                        in force and to come; with --all, also those of the last 24 h
  vigie grant revoke <id>
  vigie badge lost <uid>
                        no door opens by it any more; what it had begun ends; says where that
                        has not arrived yet
  vigie person leave <id> --reason <why>
                        badges, temporary access, PIN and account of somebody who leaves end at once
  vigie pin set <person>
                        asks for the PIN and a duress PIN, or reads two lines of standard input
  vigie pin clear <person>
  vigie passback reset --zone <id> | --person <id> | --all
                        forgets who is believed inside
  vigie interlock reset <access-point>
                        a door of a man-trap that counts as open is shut: somebody has looked
  vigie lockdown start | end <plan>
  vigie lockdown list
  vigie evacuation start | resume | end <plan>
                        releases the doors of the plan while it lasts; after a restart of the hub
                        only when resumed
  vigie evacuation list
  vigie evacuation safe <plan> <person>
                        accounts for a person by hand
  vigie evacuation muster <plan>
                        who is inside, who is safe, who is on duty and was seen nowhere
  vigie review list     emergency openings to be looked into; closed on the page of the hub
${OPERATOR_HELP.en}  vigie operator link <login> <person> | unlink <login>
                        which person an operator is: nobody closes a review of their own
${TOKEN_HELP.en}${TENANT_HELP.en}${APPROVAL_HELP.en}
${ASK_HELP.en}
  vigie journal tail [--lines 20] [--follow]
${SEARCH_HELP.en}  vigie journal verify [--checkpoint <file>]
                        checks every row, every signed checkpoint and every key; names the first
                        bad row; with checkpoints that a witness kept, against those too
  vigie journal checkpoint
                        signs what stands in the journal now, and shows it
  vigie journal prove <row>
                        a row, and the proof that a checkpoint holds it
  vigie key show        the keys that checkpoints are verified with
  vigie key rotate      a new signing key, signed by the old one
${PRIVACY_HELP.en}${EXPORT_HELP.en}${BACKUP_HELP.en}  vigie witness key     what another hub needs to cosign this journal's checkpoints
  vigie witness trust <key>
                        cosigns the checkpoints of that journal, or takes that hub's cosignatures
  vigie witness list    journals watched here, and who cosigned this one
  vigie witness forget <journal>
  vigie help

Every command takes --json. VIGIE_DATA_DIR names the data folder (default ./data); where a hub
runs on it, that hub carries the commands out. VIGIE_HUB names a hub on another machine in its
place, with VIGIE_TOKEN_FILE (a file that holds an API token) and VIGIE_CA (docs/cli.md).
`,
  fr: `vigie\u202f: contrôle d’accès et surveillance pour hôpitaux et cabinets

  vigie device add <id> --model <modèle> [--name <nom>] [--out <dossier>]
                        enregistre un appareil\u202f; écrit <id>.key.pem, <id>.cert.pem, ca.cert.pem
  vigie device add --declared [--out <dossier>]
                        de même pour chaque appareil du fichier de site sans certificat
  vigie device add <id> --model <modèle> --again
                        de même pour un appareil qui a été révoqué
  vigie device list     tous les appareils
  vigie device show <id>
  vigie device renew <id> [--out <dossier>]
                        certificat suivant\u202f; l’actuel reste valable jusqu’à son échéance
  vigie device revoke <id> [--reason <motif>]
                        ses connexions sont coupées, ses certificats refusés
  vigie device code <id>
                        code à usage unique pour l’enrôlement par le réseau (EST)
  vigie device password <passerelle> [--plain]
                        ce avec quoi une passerelle d’appareils du commerce s’identifie, montré une
                        fois\u202f; avec TLS seulement, sauf si --plain dit qu’il peut voyager en clair
  vigie device esphome <id> [--point <point>] [--out <dossier>]
                        une configuration ESPHome qui fait d’un ESP32 et d’un PN532 ce lecteur
  vigie plan <site.json>
                        montre ce que le fichier changerait
  vigie apply <site.json> [--withdraw]
                        l’applique\u202f; le même fichier une seconde fois ne change rien\u202f;
                        ne révoque qu’avec --withdraw les appareils que le fichier ne nomme plus
  vigie site export [<fichier>]
                        le fichier de site tel qu’en vigueur, avec sa révision\u202f: l’appliquer plus
                        tard est refusé là où quelqu’un d’autre a changé la même chose depuis
  vigie item show <genre> [<id>]
                        un élément du site et sa révision\u202f; sans identifiant, les identifiants
  vigie item put <genre> <id> [--file <fichier>] --revision <n>
                        le modifie, ou l’ajoute s’il est nouveau (alors sans --revision)
  vigie item remove <genre> <id> --revision <n>

  vigie grant add --person <id> --point <id> | --zone <id> [--class <a,b>] --origin <origine>
                  [--from <moment>] --until <moment> [--reference <référence>]
                        accès temporaire qui se termine de lui-même\u202f; une garde (shift) se
                        passe de lieu\u202f; moments\u202f: 2026-12-24T08:00 à l’heure du site, ou RFC 3339
  vigie grant list [--all]
                        en vigueur et à venir\u202f; avec --all, aussi ceux des dernières 24\u00a0h
  vigie grant revoke <id>
  vigie badge lost <uid>
                        n’ouvre plus aucune porte\u202f; ce qu’il avait commencé prend fin\u202f; dit où
                        la révocation n’est pas encore arrivée
  vigie person leave <id> --reason <motif>
                        badges, accès temporaires, code PIN et compte de qui part prennent fin aussitôt
  vigie pin set <personne>
                        demande le code PIN et un code de contrainte, ou lit deux lignes de
                        l’entrée standard
  vigie pin clear <personne>
  vigie passback reset --zone <id> | --person <id> | --all
                        oublie qui est supposé être à l’intérieur
  vigie interlock reset <accès>
                        une porte de sas qui compte comme ouverte est fermée\u202f: quelqu’un a vérifié
  vigie lockdown start | end <plan>
                        confinement
  vigie lockdown list
  vigie evacuation start | resume | end <plan>
                        libère les portes du plan tant qu’elle dure\u202f; après un redémarrage du hub,
                        seulement une fois reprise (resume)
  vigie evacuation list
  vigie evacuation safe <plan> <personne>
                        déclare une personne en sécurité
  vigie evacuation muster <plan>
                        qui est à l’intérieur, qui est en sécurité, qui est en service sans avoir
                        été vu
  vigie review list     ouvertures d’urgence à examiner\u202f; elles se clôturent sur la page du hub
${OPERATOR_HELP.fr}  vigie operator link <identifiant> <personne> | unlink <identifiant>
                        quelle personne est cet opérateur\u202f: nul ne clôt son propre examen
${TOKEN_HELP.fr}${TENANT_HELP.fr}${APPROVAL_HELP.fr}
${ASK_HELP.fr}
  vigie journal tail [--lines 20] [--follow]
${SEARCH_HELP.fr}  vigie journal verify [--checkpoint <fichier>]
                        vérifie chaque ligne, chaque point de contrôle signé et chaque clé\u202f;
                        indique la première ligne altérée\u202f; avec les points de contrôle qu’un
                        témoin a gardés, vérifie aussi par rapport à eux
  vigie journal checkpoint
                        signe ce que contient le journal maintenant, et l’affiche
  vigie journal prove <ligne>
                        une ligne, et la preuve qu’un point de contrôle la contient
  vigie key show        les clés qui servent à vérifier les points de contrôle
  vigie key rotate      une nouvelle clé de signature, signée par l’ancienne
${PRIVACY_HELP.fr}${EXPORT_HELP.fr}${BACKUP_HELP.fr}  vigie witness key     ce qu’il faut à un autre hub pour contresigner ce journal
  vigie witness trust <clé>
                        contresigne les points de contrôle de ce journal, ou admet les
                        contreseings de ce hub
  vigie witness list    journaux suivis ici, et qui a contresigné celui-ci
  vigie witness forget <journal>
  vigie help

Chaque commande accepte --json. VIGIE_DATA_DIR désigne le dossier de données (./data par défaut)\u202f;
si un hub y est en marche, c’est lui qui exécute. VIGIE_HUB désigne à sa place un hub sur une
autre machine, avec VIGIE_TOKEN_FILE (un fichier qui contient un jeton d’API) et VIGIE_CA
(docs/fr/ligne-de-commande.md).
`,
} as const
