export const HELP = {
  en: `vigie: access control and monitoring for hospitals and practices

  vigie device add <id> --model <model> [--name <name>] [--out <folder>]
                        register a device; writes <id>.key.pem, <id>.cert.pem, ca.cert.pem
  vigie device add --declared [--out <folder>]
                        the same for every device of the site file that has no certificate
  vigie device list     all devices
  vigie device show <id>
  vigie device renew <id> [--out <folder>]
                        next certificate; the present one stays good until it expires
  vigie device revoke <id> [--reason <reason>]
                        its connections are cut, its certificates refused
  vigie device code <id>
                        one-time code for enrolment over the network (EST)
  vigie plan <site.json>
                        what the file would change
  vigie apply <site.json>
                        changes it; the same file again changes nothing
  vigie journal tail [--lines 20] [--follow]
  vigie journal verify  checks the whole chain; names the first bad row
  vigie help

Every command takes --json. VIGIE_DATA_DIR names the data folder (default ./data).
`,
  fr: `vigie : contrôle d’accès et surveillance pour hôpitaux et cabinets

  vigie device add <id> --model <modèle> [--name <nom>] [--out <dossier>]
                        enregistre un appareil ; écrit <id>.key.pem, <id>.cert.pem, ca.cert.pem
  vigie device add --declared [--out <dossier>]
                        de même pour chaque appareil du fichier de site sans certificat
  vigie device list     tous les appareils
  vigie device show <id>
  vigie device renew <id> [--out <dossier>]
                        certificat suivant ; l’actuel reste bon jusqu’à son terme
  vigie device revoke <id> [--reason <motif>]
                        ses connexions sont coupées, ses certificats refusés
  vigie device code <id>
                        code à usage unique pour l’enrôlement par le réseau (EST)
  vigie plan <site.json>
                        ce que le fichier changerait
  vigie apply <site.json>
                        l’applique ; le même fichier une seconde fois ne change rien
  vigie journal tail [--lines 20] [--follow]
  vigie journal verify  vérifie toute la chaîne ; nomme la première ligne fausse
  vigie help

Chaque commande accepte --json. VIGIE_DATA_DIR nomme le dossier de données (./data par défaut).
`,
} as const
