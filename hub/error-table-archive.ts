/** Failures around search, exports, proofs, privacy and backups: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const ARCHIVE_ERRORS = {
  'filter-invalid': [
    422,
    'The search field {field} is not valid: {expected}.',
    `Le critère {field} n’est pas valable${N}: {expected}.`,
  ],
  'range-inverted': [
    422,
    'The end of the span lies before its beginning. Swap from and until.',
    'La fin de la période précède son début. Échangez from et until.',
  ],
  'cursor-invalid': [
    422,
    'This page mark does not belong to this search. Start again from the first page.',
    'Ce repère de page n’appartient pas à cette recherche. Reprenez à la première page.',
  ],
  'index-behind': [
    503,
    'The search index is being built: {percent} % done. Try again in {seconds} s.',
    `L’index de recherche est en construction${N}: {percent}${U}%. Réessayez dans {seconds}${U}s.`,
  ],
  'index-unwritable': [
    503,
    'The search index {file} cannot be kept: {cause}. Free disk space or correct the owner of the folder; the journal itself is not concerned.',
    `L’index de recherche {file} ne peut pas être tenu${N}: {cause}. Libérez de la place ou corrigez le propriétaire du dossier${N}; le journal lui-même n’est pas concerné.`,
  ],
  'history-unlinked': [
    404,
    'Your account is linked to nobody of the site, so that there is no history of yours. Ask an administrator to link it.',
    `Votre compte n’est rattaché à personne du site${N}: il n’a pas d’historique. Demandez à un administrateur de le rattacher.`,
  ],
  'search-unknown': [
    404,
    'You have no saved search {search}. List them first; nothing was changed.',
    `Vous n’avez pas de recherche enregistrée {search}. Affichez-en la liste${N}; rien n’a été changé.`,
  ],
  'searches-full': [
    409,
    'You have {limit} saved searches. Delete one before you save another.',
    `Vous avez {limit}${U}recherches enregistrées. Supprimez-en une avant d’en enregistrer une autre.`,
  ],
  'hold-unknown': [
    404,
    'No legal hold {hold} is in force. List them with: vigie hold list',
    `Aucune conservation {hold} n’est en vigueur. Pour en voir la liste${N}: vigie hold list`,
  ],
  'erasure-active': [
    409,
    '{person} is of the site: withdraw the person and their badges first, or add --withdraw (over HTTP, withdraw). Nothing was erased.',
    `{person} fait partie du site${N}: retirez d’abord la personne et ses badges, ou ajoutez --withdraw (par HTTP, withdraw). Rien n’a été effacé.`,
  ],
  'erasure-review': [
    409,
    'An emergency opening by {person} waits for its review. Close it first; nothing was erased.',
    `Une ouverture d’urgence par {person} attend sa relecture. Clôturez-la d’abord${N}; rien n’a été effacé.`,
  ],
  'erasure-last-administrator': [
    409,
    '{person} holds the only administrator account. Make another one first; nothing was erased.',
    `{person} détient le seul compte d’administrateur. Créez-en un autre d’abord${N}; rien n’a été effacé.`,
  ],
  'erasure-spooled': [
    409,
    'Rows wait in the spool because the journal could not be written. Start the hub, wait until they stand in the journal, and ask again; nothing was erased.',
    `Des lignes attendent dans le tampon parce que le journal n’a pas pu être écrit. Lancez le hub, attendez qu’elles soient au journal et recommencez${N}; rien n’a été effacé.`,
  ],
  'row-unknown': [404, 'The journal has no row {row}.', 'Le journal n’a pas de ligne {row}.'],
  'age-key-invalid': [
    422,
    'This is no age key: {expected} is expected.',
    `Ce n’est pas une clé age${N}: il faut {expected}.`,
  ],
  'age-key-wrong': [
    422,
    'This key does not open the file. Find the recovery key that was made when the file was written.',
    'Cette clé n’ouvre pas le fichier. Retrouvez la clé de secours en usage quand le fichier a été écrit.',
  ],
  'age-damaged': [
    422,
    'The file is not an age file, or its beginning is damaged. Take another copy.',
    'Ce n’est pas un fichier age, ou son début est abîmé. Prenez une autre copie.',
  ],
  'backup-key-missing': [
    409,
    'There is no recovery key yet. Run: vigie backup key, and keep what it prints in a safe.',
    `Il n’y a pas encore de clé de secours. Lancez${N}: vigie backup key, et gardez au coffre ce qu’elle affiche.`,
  ],
  'backup-key-exists': [
    409,
    'Backups are encrypted to {recipient} already. To change the key, add --again, and keep the old one: it opens the backups made so far.',
    `Les sauvegardes sont déjà chiffrées pour {recipient}. Pour changer de clé, ajoutez --again et gardez l’ancienne${N}: elle ouvre les sauvegardes faites jusqu’ici.`,
  ],
  'backup-nowhere': [
    409,
    'No folder for backups is set. Set VIGIE_BACKUP_TO and start the hub again, or run: vigie backup <folder>',
    `Aucun dossier de sauvegarde n’est indiqué. Renseignez VIGIE_BACKUP_TO et relancez le hub, ou lancez${N}: vigie backup <dossier>`,
  ],
  'backup-running': [
    409,
    'A backup is being made already. Wait until it is done.',
    'Une sauvegarde est déjà en cours. Attendez qu’elle se termine.',
  ],
  'backup-unwritable': [
    500,
    'The backup could not be written to {file}: {cause}. Nothing was left there under its final name.',
    `La sauvegarde n’a pas pu être écrite dans {file}${N}: {cause}. Rien n’y est resté sous son nom définitif.`,
  ],
  'backup-copy-failed': [
    500,
    'The database could not be copied: {cause}. No backup was made; the data folder needs free room for one more copy of it.',
    `La base de données n’a pas pu être copiée${N}: {cause}. Aucune sauvegarde n’a été faite${N}; il faut dans le dossier de données la place d’une copie de plus.`,
  ],
  'backup-differs': [
    500,
    'What was read back from {file} is not what was written. The copy was removed; check that disk.',
    `Ce qui a été relu dans {file} n’est pas ce qui a été écrit. La copie a été supprimée${N}; vérifiez ce disque.`,
  ],
  'restore-not-empty': [
    409,
    '{file} is not empty. Restore into an empty folder with --into <folder>; what is there was left alone.',
    `{file} n’est pas vide. Restaurez dans un dossier vide avec --into <dossier>${N}; rien n’y a été touché.`,
  ],
  'restore-damaged': [
    422,
    'The backup {file} is damaged: {cause}. Nothing was restored; take another copy.',
    `La sauvegarde {file} est abîmée${N}: {cause}. Rien n’a été restauré${N}; prenez une autre copie.`,
  ],
  'restore-key-needed': [
    422,
    'This backup does not hold the journal key: its hub had it from VIGIE_JOURNAL_KEY. Set that to the same key and restore again.',
    `Cette sauvegarde ne contient pas la clé du journal${N}: son hub la tenait de VIGIE_JOURNAL_KEY. Donnez-y la même clé et recommencez.`,
  ],
  'restore-revocations-needed': [
    409,
    'This backup is of {date}. What was revoked since is not in it, and must not come back. Add --witness <file> (newest checkpoints), or --revoked <file> (its lines), or, if you know it, --nothing-revoked-since --by <your name>. Nothing was restored.',
    `Cette sauvegarde date du {date}. Ce qui a été révoqué depuis n’y figure pas et ne doit pas revenir. Ajoutez --witness <fichier> (points de contrôle les plus récents), ou --revoked <fichier> (ses lignes), ou, si vous le savez, --nothing-revoked-since --by <votre nom>. Rien n’a été restauré.`,
  ],
  'restore-witness-invalid': [
    422,
    'The witness file {file} cannot be used: {cause}. Nothing was restored.',
    `Le fichier témoin {file} n’est pas utilisable${N}: {cause}. Rien n’a été restauré.`,
  ],
  'signing-key-missing': [
    500,
    'The key that signs the checkpoints of this journal is missing: {file}. Bring it back from where you keep a copy; no other key can take its place.',
    `La clé qui signe les points de contrôle de ce journal manque${N}: {file}. Remettez-la depuis l’endroit où vous en gardez une copie${N}; aucune autre clé ne peut la remplacer.`,
  ],
  'signing-key-wrong': [
    500,
    '{file} is not the key that signs the checkpoints of this journal. Bring back the right one, or correct VIGIE_SIGNING_KEY_FILE.',
    `{file} n’est pas la clé qui signe les points de contrôle de ce journal. Remettez la bonne, ou corrigez VIGIE_SIGNING_KEY_FILE.`,
  ],
  'checkpoint-invalid': [
    422,
    '{file} holds no checkpoint that can be read. Take the file as the hub or the witness wrote it.',
    `{file} ne contient aucun point de contrôle lisible. Prenez le fichier tel que le hub ou le témoin l’a écrit.`,
  ],
  'checkpoint-foreign': [
    422,
    'The checkpoint in {file} belongs to another journal, {found}; this one is {expected}. Take the checkpoints of this hub.',
    `Le point de contrôle de {file} est celui d’un autre journal, {found}${N}; celui-ci est {expected}. Prenez les points de contrôle de ce hub.`,
  ],
  'checkpoint-unsigned': [
    422,
    'The checkpoint of {row} rows in {file} bears the name of this journal but is not signed by its key. Either somebody changed it, or this journal is not the one it was: keep both, and call your auditor.',
    `Le point de contrôle de {row} lignes dans {file} porte le nom de ce journal sans être signé par sa clé. Soit on l’a modifié, soit ce journal n’est plus celui qu’il était${N}: gardez les deux et appelez votre auditeur.`,
  ],
  'log-server-unreachable': [
    502,
    'The log server {destination} is out of reach. Check its address, its certificate and VIGIE_SYSLOG_CA; the rows wait in the journal.',
    `Le serveur de journaux {destination} est injoignable. Vérifiez son adresse, son certificat et VIGIE_SYSLOG_CA${N}; les lignes attendent dans le journal.`,
  ],
  'log-server-stuck': [
    504,
    'The log server {destination} takes nothing any more. Restart it; the rows wait in the journal.',
    `Le serveur de journaux {destination} n’accepte plus rien. Redémarrez-le${N}; les lignes attendent dans le journal.`,
  ],
  'witness-file-missing': [
    500,
    'The witness file {file} is not there. Mount its disk again; if the disk is a new one, make the empty file yourself.',
    `Le fichier témoin {file} a disparu. Remontez son disque${N}; si le disque est neuf, créez vous-même le fichier vide.`,
  ],
  'witness-unreachable': [
    502,
    'The hub {destination} that cosigns checkpoints is out of reach. Check its address, its certificate and VIGIE_WITNESS_CA.',
    'Le hub {destination}, qui contresigne les points de contrôle, est injoignable. Vérifiez son adresse, son certificat et VIGIE_WITNESS_CA.',
  ],
  'witness-refused': [
    502,
    'The hub {destination} refuses to cosign checkpoints. On that hub, run: vigie witness trust <key>, with what vigie witness key prints here.',
    `Le hub {destination} refuse de contresigner les points de contrôle. Sur ce hub, lancez${N}: vigie witness trust <clé>, avec ce que vigie witness key affiche ici.`,
  ],
  'witness-inconsistent': [
    422,
    'The journal {journal} shows a past that is not the one seen before: rows were changed or removed, or an older copy was restored. Keep both checkpoints and ask whoever runs it.',
    `Le journal {journal} montre un passé qui n’est pas celui déjà vu${N}: des lignes ont été modifiées ou retirées, ou une copie plus ancienne restaurée. Gardez les deux points de contrôle et interrogez qui le gère.`,
  ],
  'witness-key-invalid': [
    422,
    'This is no verifier key. On the other hub, run: vigie witness key, and copy one whole line.',
    `Ce n’est pas une clé de vérification. Sur l’autre hub, lancez${N}: vigie witness key, et recopiez une ligne entière.`,
  ],
  'witness-unknown': [
    404,
    'No journal {journal} is watched here. List them with: vigie witness list',
    `Aucun journal {journal} n’est suivi ici. Pour en voir la liste${N}: vigie witness list`,
  ],
  'export-too-large': [
    422,
    'A PDF holds at most {limit} rows. Narrow the search or the span, or ask for csv or jsonl, which have no limit.',
    `Un PDF contient au plus {limit}${U}lignes. Resserrez la recherche ou la période, ou demandez csv ou jsonl, qui n’ont pas de limite.`,
  ],
  'export-exists': [
    409,
    '{file} is there already. Choose another name; nothing was overwritten.',
    `{file} existe déjà. Choisissez un autre nom${N}; rien n’a été remplacé.`,
  ],
  'export-unwritable': [
    500,
    'The export could not be written to {file}: {cause}. Nothing was left there under its name.',
    `L’export n’a pas pu être écrit dans {file}${N}: {cause}. Rien n’y est resté sous son nom.`,
  ],
  'export-overtaken': [
    409,
    'While {export} was written, somebody was erased from the journal, again and again. Nothing was handed out; ask for it again.',
    `Pendant l’écriture de {export}, quelqu’un a été effacé du journal, plusieurs fois de suite. Rien n’a été remis${N}; redemandez-le.`,
  ],
  'export-unknown': [
    404,
    'No export {export}. Files are kept for 24 h, and until the hub is started again; ask for it again.',
    `Pas d’export {export}. Les fichiers sont gardés 24${U}h, et jusqu’au redémarrage du hub${N}; demandez-le de nouveau.`,
  ],
  'export-unfinished': [
    409,
    'Export {export} is still being written. Ask for its file when its state is done.',
    `L’export {export} est en cours d’écriture. Demandez son fichier quand son état sera done.`,
  ],
  'export-cancelled': [
    409,
    'The export was deleted before it was finished. Nothing is left of it.',
    'L’export a été supprimé avant d’être terminé. Il n’en reste rien.',
  ],
  'schedule-invalid': [
    422,
    'The scheduled export is not valid: {field}: {expected}. Nothing was changed.',
    `L’export programmé n’est pas valable${N}: {field}${N}: {expected}. Rien n’a été changé.`,
  ],
  'schedule-unknown': [
    404,
    'No scheduled export {schedule}. List them with: vigie export schedule list',
    `Aucun export programmé {schedule}. Pour en voir la liste${N}: vigie export schedule list`,
  ],
  'mail-unset': [
    409,
    'Mail cannot be sent: set VIGIE_SMTP_URL and VIGIE_MAIL_FROM and start the hub again, or choose a folder.',
    `Aucun courriel ne peut partir${N}: renseignez VIGIE_SMTP_URL et VIGIE_MAIL_FROM et relancez le hub, ou choisissez un dossier.`,
  ],
  'mail-unreachable': [
    502,
    'The mail server {destination} is out of reach, or its certificate is not good. Check VIGIE_SMTP_URL and VIGIE_SMTP_CA; it is tried again every hour.',
    `Le serveur de courriel {destination} est injoignable, ou son certificat n’est pas bon. Vérifiez VIGIE_SMTP_URL et VIGIE_SMTP_CA${N}; un nouvel essai a lieu toutes les heures.`,
  ],
  'mail-refused': [
    502,
    'The mail server {destination} refuses the message. Check its account, the sender and the addresses.',
    'Le serveur de courriel {destination} refuse le message. Vérifiez son compte, l’expéditeur et les adresses.',
  ],
  'mail-too-large': [
    413,
    'The export has {bytes} bytes, more than the {limit} that are sent by mail. Choose a folder, or a narrower search.',
    `L’export fait {bytes}${U}octets, plus que les {limit} qu’un courriel emporte. Choisissez un dossier, ou une recherche plus étroite.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
